"""Every lint by its code, and what `allow` makes of what they find."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from besitos.game.document import Document
from besitos.game.lint.look import Look
from besitos.game.lint.minting import mints_without_limit, reward_loop
from besitos.game.lint.never import badge_for_nothing, never_holds
from besitos.game.lint.reaching import needs_itself, unreachable_fragment, unreachable_mission
from besitos.game.lint.secrets_kept import secret_leaks
from besitos.game.lint.shop import cheaper_than_it_yields, nothing_left_to_save_for, unaffordable
from besitos.game.lint.sources import cap_never_binds, dead_source, shared_limit_hot
from besitos.game.lint.texts import missing_translation, text_cut
from besitos.game.lint.whole import One, Told, Whole
from besitos.game.lint.windows import never_opens, window_past
from besitos.game.problem import MOST_PROBLEMS, Finding, Near, Path, Place, Problem
from besitos.game.reader import Reading
from besitos.game.section import Section

Lint = Callable[[Look], Iterator[Told]]

LINTS: Mapping[str, Lint] = {
    "reward_loop": reward_loop,
    "needs_itself": needs_itself,
    "mints_without_limit": mints_without_limit,
    "cheaper_than_it_yields": cheaper_than_it_yields,
    "unaffordable": unaffordable,
    "dead_source": dead_source,
    "unreachable_fragment": unreachable_fragment,
    "unreachable_mission": unreachable_mission,
    "never_holds": never_holds,
    "secret_leaks": secret_leaks,
    "never_opens": never_opens,
    "window_past": window_past,
    "missing_translation": missing_translation,
    "cap_never_binds": cap_never_binds,
    "text_cut": text_cut,
    "badge_for_nothing": badge_for_nothing,
    "shared_limit_hot": shared_limit_hot,
    "nothing_left_to_save_for": nothing_left_to_save_for,
}
"""Code → what looks for it. Each says in its docstring what exactly it means, and what it does not."""


class Found(NamedTuple):
    """One finding of a lint, in the definition that it is about."""

    one: One
    code: str
    finding: Finding


def lint(reading: Reading, now: datetime) -> list[Problem]:
    """Everything that lint finds in a game that is in order, by place. Nothing of one that is not."""
    if reading.document is None:
        return []
    makers: dict[Path, str] = {path: part.experience for path, part in reading.source.made.items()}
    found = look_over(reading.document, reading.source.sections, now, makers)
    told: dict[object, Problem] = {}
    for each in islice(found, MOST_PROBLEMS):
        problem = reading.placed(each.one.section, each.one.key, each.finding)
        told.setdefault((problem.place, problem.path, problem.code, repr(problem.values)), problem)
    problems = sorted(told.values(), key=lambda problem: problem.place)
    if left := sum(1 for _ in found):
        problems.append(Problem(Place(reading.source.name), "", "game.more_problems", {"count": left}))
    return problems


def look_over(
    document: Document, sections: Mapping[str, Section], now: datetime, makers: Mapping[Path, str] | None = None
) -> Iterator[Found]:
    """What lint finds in a document and nobody has accepted, and what is wrong with what was accepted.

    `makers` says which experience makes a definition that stands in no file: accepted there is accepted for its parts.
    """
    whole = Whole(document, sections, now)
    allowed, made_by = _Allowed(whole), makers or {}
    look = Look(whole)
    past = set[str]()
    for code, find in LINTS.items():
        for told in find(look):
            maker = made_by.get(told.one.path)
            if code == "window_past" and told.one.kind == "experience":
                past.add(told.one.key)
            if allowed.accepts(told.one, maker, code) or (code == "window_past" and maker in past):
                continue
            yield Found(told.one, code, Finding(told.path, code, told.values, told.at_key))
    yield from allowed.findings(made_by)


class _Allowed:
    """What the definitions of a game accept, and what of that there was to accept."""

    def __init__(self, whole: Whole) -> None:
        self._whole = whole
        self._used: set[tuple[Path, str]] = set()

    def accepts(self, one: One, maker: str | None, code: str) -> bool:
        """Whether a finding is accepted where it is, or where it is made, and why."""
        experience = self._whole.all("experience").get(maker) if maker is not None else None
        accepting = [each for each in (one, experience) if each is not None and code in each.body.allow]
        self._used.update((each.path, code) for each in accepting)
        return any(each.body.allow[code].strip() for each in accepting)

    def findings(self, makers: Mapping[Path, str]) -> Iterator[Found]:
        """Reasons that are none, codes that are none, and what has nothing to accept any more.

        A template may accept what only some of its experiences bring about.
        """
        for one in self._whole.ones:
            for code, reason in one.body.allow.items():
                finding = None
                if code not in LINTS:
                    finding = Finding(("allow", code), "allow_unknown", {"found": code}, at_key=True)
                    finding = replace(finding, near=Near(code, LINTS))
                elif not reason.strip():
                    finding = Finding(("allow", code), "allow_without_reason", {"found": code})
                elif (one.path, code) not in self._used and one.path not in makers:
                    finding = Finding(("allow", code), "allow_idle", {"found": code}, at_key=True)
                if finding is not None:
                    yield Found(one, finding.code, finding)
