"""Why something was paid or was not, in plain words: one activity, and a line for each part that had something to say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from besitos.core.account import Account
from besitos.engine.codec import outcome_of
from besitos.engine.outcome import Paid, Status, Step
from besitos.game.asking import ConditionReason
from besitos.game.document import Document
from besitos.store.why import Explained
from besitos.surfaces.texts.missing import Missing, unmet_in
from besitos.surfaces.texts.texts import Texts


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

    def title(self, explained: Explained) -> str:
        """What was done: as the game describes it, else its kind."""
        kind = self._document.activities.get(explained.kind)
        if kind is not None and kind.description is not None:
            return kind.description.in_language(self._texts.language, self._document.about.language)
        code = f"why.kind.{explained.kind}"
        return self._texts.of(code) if self._texts.has(code) else explained.kind

    def told(self, explained: Explained) -> list[Told]:
        """What paid how much, then what did not, and why; at least one line."""
        outcome = outcome_of(explained.outcome, explained.trace)
        if outcome.status is Status.REJECTED:
            sentence = self._reason(outcome.reason, outcome.details)
            return [Told("", "", self._texts.of("why.refused", why=sentence), outcome.reason)]
        lines = [*self._paid(explained, outcome.paid), *(self._step(step) for step in outcome.trace)]
        return lines or [Told("", "", self._texts.of("why.nothing"))]

    def _paid(self, explained: Explained, paid: tuple[Paid, ...]) -> Iterator[Told]:
        own = [each for each in paid if each.member_id == explained.member_id and not Account(0, each.account).is_hold]
        for part in dict.fromkeys(each.definition for each in own):
            amounts: dict[str, int] = {}
            for each in own:
                if each.definition == part:
                    amounts[each.account] = amounts.get(each.account, 0) + each.amount
            what = ", ".join(f"{amount:+} {self._currency(currency)}" for currency, amount in amounts.items())
            sentence = self._texts.of("why.paid", name=self._name(part), what=what)
            yield Told(part, self._name(part), sentence, amounts=amounts)

    def _step(self, step: Step) -> Told:
        name = self._name(step.definition)
        why = self._reason(step.reason, step.details)
        return Told(step.definition, name, self._texts.of("why.step", name=name, why=why), step.reason)

    def _reason(self, reason: str, details: Mapping[str, Any]) -> str:
        if reason == ConditionReason.UNMET.value:
            return self._texts.of("why.unmet", what=", ".join(self._missing.lines(unmet_in(details))))
        said = self._texts.reason(reason, details) if self._texts.has(reason) else reason
        return said.rstrip(".")

    def _name(self, part: str) -> str:
        """What the game calls a part of it, else its key."""
        kind, _, key = part.partition("/")
        known = self._document.all(kind).get(key)
        if known is not None and known.name is not None:
            return known.name.in_language(self._texts.language, self._document.about.language)
        code = f"bot.source.{part}"
        return self._texts.of(code) if self._texts.has(code) else key or part

    def _currency(self, key: str) -> str:
        known = self._document.currencies.get(key)
        return key if known is None else known.name.in_language(self._texts.language, self._document.about.language)
