"""Every lint finds what it looks for, leaves what is nearly the same, and is accepted where the definition says why."""

import pytest

from besitos.game.lint import LINTS
from besitos.surfaces.texts import Texts, codes_of
from tests.game.lint.cases import CASES, Case
from tests.game.lint.looking import found_in, looked_at

every = pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)


def test_there_is_a_case_for_every_code() -> None:
    assert [case.code for case in CASES] == list(LINTS)


@every
def test_a_lint_finds_what_it_looks_for_and_nothing_else_is_found(case: Case) -> None:
    assert found_in(case.game) == [(case.code, case.path)]


@every
def test_what_is_nearly_the_same_is_left_alone(case: Case) -> None:
    assert found_in(case.near_miss) == []


def accepting(case: Case, reason: str) -> str:
    """The game, in which the definition accepts the finding for a reason."""
    head, line, tail = case.game.partition(f"{case.accepting}\n")
    assert line
    indent = " " * (len(case.accepting.rpartition("\n")[2]) - len(case.accepting.rpartition("\n")[2].lstrip()) + 2)
    return f"{head}{line}{indent}allow: {{{case.code}: {reason}}}\n{tail}"


@every
def test_a_finding_is_accepted_with_a_reason(case: Case) -> None:
    assert found_in(accepting(case, "es a propósito")) == []


@every
def test_without_a_reason_it_is_not_accepted(case: Case) -> None:
    found = {code for code, _ in found_in(accepting(case, '" "'))}

    assert found == {case.code, "allow_without_reason"}


@every
def test_a_finding_is_one_sentence_in_both_languages_with_every_hole_filled(case: Case) -> None:
    (finding,) = looked_at(case.game)

    assert codes_of("es")[case.code] <= finding.values.keys()
    assert all("\n" not in Texts(language).problem(finding) for language in ("es", "en"))
