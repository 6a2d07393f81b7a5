"""Why something was paid or was not, in plain words: a line for each part of the game that had something to say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from besitos.core.account import Account
from besitos.core.payout import Given
from besitos.engine.codec import outcome_of
from besitos.engine.outcome import EngineReason, Paid, Status, Step, given_in
from besitos.game.asking import ConditionReason
from besitos.game.definition import Definition
from besitos.game.document import Document
from besitos.store.why import Explained
from besitos.surfaces.texts.amounts import Amounts
from besitos.surfaces.texts.given import given_text, kind_of
from besitos.surfaces.texts.missing import Missing, unmet_in
from besitos.surfaces.texts.texts import Texts

MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Told:
    """One line: which part of the game says it, by key and by name, and the sentence. `amounts` where it paid."""

    part: str
    name: str
    sentence: str
    reason: str = ""
    amounts: Mapping[str, int] = field(default_factory=dict)


class Why:
    """The words of one reader."""

    def __init__(self, texts: Texts, document: Document, missing: Missing) -> None:
        self._texts = texts
        self._document = document
        self._missing = missing
        self._amounts = Amounts(texts, document.currencies, document.about.language)

    def title(self, explained: Explained) -> str:
        """What was done: as the game describes it, else its kind."""
        kind = self._document.activities.get(explained.kind)
        called = None if kind is None else kind.name or kind.description
        if called is not None:
            return called.in_language(self._texts.language, self._document.about.language)
        code = f"why.kind.{explained.kind}"
        return self._texts.of(code) if self._texts.has(code) else explained.kind

    def told(self, explained: Explained) -> list[Told]:
        """What paid how much, then what did not, and why; at least one line, which may be that it is forgotten."""
        outcome = outcome_of(explained.outcome, explained.trace)
        if outcome.status is Status.REJECTED:
            sentence = self._reason(outcome.reason, outcome.details)
            return [Told("", "", self._texts.of("why.refused", why=sentence), outcome.reason)]
        given = given_in(outcome)
        steps = (step for step in outcome.trace if step.reason and not self._is_quiet(step))
        lines = [*self._paid(explained, outcome.paid, given), *map(self._step, steps)]
        if explained.is_forgotten:
            return [*lines, Told("", "", self._texts.of("why.forgotten"))]
        return lines or [Told("", "", self._texts.of("why.nothing"))]

    def _paid(
        self, explained: Explained, paid: tuple[Paid, ...], given: Mapping[str, Sequence[Given]]
    ) -> Iterator[Told]:
        own = [each for each in paid if each.member_id == explained.member_id]
        for part in dict.fromkeys((*(each.definition for each in own), *given)):
            amounts, waiting = _sums(each for each in own if each.definition == part)
            name = self._name(part) if not _is_never_told(self._known(part), self._missing) else self._unknown()
            if said := [*self._said(amounts), *self._given(given.get(part, ()))]:
                yield Told(part, name, self._texts.of("why.paid", name=name, what=", ".join(said)), amounts=amounts)
            if waiting:
                yield Told(part, name, self._texts.of("why.waits", name=name, what=", ".join(self._said(waiting))))

    def _said(self, amounts: Mapping[str, int]) -> list[str]:
        """`+1 besito`, `+5 Gemas`; what is taken has the sign of subtraction, no hyphen."""
        return [
            f"{MINUS if amount < 0 else '+'}{self._amounts.amount(abs(amount), currency)}"
            for currency, amount in amounts.items()
        ]

    def _given(self, given: Iterable[Given]) -> Iterator[str]:
        """What was given besides money, each by its name; members hear nothing of what is never told, nor of flags."""
        for each in given:
            part = f"{kind_of(each)}/{each.key}"
            if each.word != "vip" and self._known(part) is None and not self._missing.sees_all:
                continue
            if not _is_never_told(self._known(part), self._missing):
                yield given_text(self._texts, each, self._name(part))

    def _is_quiet(self, step: Step) -> bool:
        """Whether it has no line of its own: a gift stands with what was paid, a cap that only reports cut nothing."""
        return step.reason == EngineReason.GIVEN or (
            step.details.get("then") == "report" and not self._missing.sees_all
        )

    def _step(self, step: Step) -> Told:
        known = self._known(step.definition)
        is_hidden = known is not None and self._missing.hides(known)
        name = self._unknown() if is_hidden else self._name(step.definition)
        why = self._reason(step.reason, step.details)
        return Told(step.definition, name, self._texts.of("why.step", name=name, why=why), step.reason)

    def _reason(self, reason: str, details: Mapping[str, Any]) -> str:
        if reason == ConditionReason.UNMET.value:
            return self._texts.of("why.unmet", what=", ".join(self._missing.lines(unmet_in(details))))
        said = self._texts.reason(reason, self._in_words(details)) if self._texts.has(reason) else reason
        return said.rstrip(".")

    def _in_words(self, details: Mapping[str, Any]) -> dict[str, Any]:
        """What a reason speaks of, by its name: limits, currencies, and the boosts that have multiplied."""
        words = dict(details)
        if "limit" in words:
            words["limit"] = self._amounts.limit(str(words["limit"]))
        if "currency" in words:
            words["currency"] = self._amounts.currency(str(words["currency"]))
        if isinstance(words.get("by"), (list, tuple)):
            words["by"] = tuple(self._name(str(part)) for part in words["by"])
        return words

    def _name(self, part: str) -> str:
        """What the game calls a part of it, else its key."""
        known = self._known(part)
        if known is not None and known.name is not None:
            return known.name.in_language(self._texts.language, self._document.about.language)
        codes = (f"why.part.{part}", f"bot.source.{part}")
        code = next((each for each in codes if self._texts.has(each)), None)
        return self._texts.of(code) if code is not None else part.partition("/")[2] or part

    def _known(self, part: str) -> Definition | None:
        kind, _, key = part.partition("/")
        return self._document.all(kind).get(key)

    def _unknown(self) -> str:
        return self._texts.of("missing.unknown")


def _sums(paid: Iterable[Paid]) -> tuple[dict[str, int], dict[str, int]]:
    """What came into purses, and what waits for review, by currency. Other holds are the member's own affair."""
    amounts: dict[str, int] = {}
    waiting: dict[str, int] = {}
    for each in paid:
        account = Account(each.member_id, each.account)
        if not account.is_hold:
            amounts[account.currency] = amounts.get(account.currency, 0) + each.amount
        elif each.account.partition("@")[2].startswith("quarantine"):
            waiting[account.currency] = waiting.get(account.currency, 0) + each.amount
    return {name: amount for name, amount in amounts.items() if amount}, waiting


def _is_never_told(definition: Definition | None, missing: Missing) -> bool:
    """Whether members hear nothing of it even when it pays: what is secret is known by then, a milestone never is."""
    return definition is not None and missing.hides(definition) and not getattr(definition, "secret", False)
