"""The sentences of the language, one by one, held against the oracle."""

from datetime import timedelta

import pytest

from tests.oracle.case import Case, when
from tests.oracle.oracle import KeyConflictError, Oracle
from tests.oracle.playing import play
from tests.oracle.reading import rows_of
from tests.oracle.sentences import CASES

NOON = when("07 12:00")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_sentence_holds(case: Case) -> None:
    assert play(case) == []


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def test_a_case_with_another_result_is_found_out() -> None:
    case = next(each for each in CASES if each.name == "all rules that match pay, in order of key")
    wrong = Case(case.name, case.section, case.game, (case.history[0].then(paid={"besitos": 7}, level=2),))

    assert play(wrong) == [
        "step 1 (message.posted at 07 12:00:00): paid: {'besitos': 6}, not {'besitos': 7}",
        "step 1 (message.posted at 07 12:00:00): level: 1, not 2",
    ]


def test_the_same_key_again_gets_the_first_outcome_and_other_content_is_a_conflict() -> None:
    oracle = Oracle(rows_of("rules: {r: {when: message.posted, pays: {besitos: 1}}}"))
    first = oracle.submit(key="k", member="ana", kind="message.posted", at=NOON)

    again = oracle.submit(key="k", member="ana", kind="message.posted", at=NOON)

    assert again is first
    assert oracle.member("ana").balance == {"besitos": 1}
    with pytest.raises(KeyConflictError):
        oracle.submit(key="k", member="bea", kind="message.posted", at=NOON)


def test_a_mistake_of_form_is_not_remembered_under_its_key() -> None:
    oracle = Oracle(rows_of("rules: {r: {when: message.posted, pays: {besitos: 1}}}"))
    wrong = oracle.submit(key="k", member="ana", kind="mesage.posted", at=NOON)

    right = oracle.submit(key="k", member="ana", kind="message.posted", at=NOON)

    assert wrong.refused is not None
    assert [entry.amount for entry in right.entries] == [1]


def test_a_refusal_stays_refused_under_its_key() -> None:
    oracle = Oracle(rows_of("daily_gift: {pays: {besitos: 10}}"))
    oracle.submit(key="a", member="ana", kind="daily.claim", at=NOON)
    refused = oracle.submit(key="b", member="ana", kind="daily.claim", at=NOON)
    oracle.advance(NOON + timedelta(days=3))

    assert oracle.submit(key="b", member="ana", kind="daily.claim", at=NOON) is refused


def test_what_runs_keeps_the_version_it_began_with() -> None:
    game = """
metrics: {{m: {{when: message.posted}}}}
missions: {{una: {{name: Una, type: special, goals: {{m: 2+}}, pays: {{besitos: {pays}}}}}}}
rewards: {{r: {{name: R, pays: {{xp: {pays}}}}}}}
rules: {{r: {{when: message.posted, pays: {{gemas: {pays}}}}}}}
currencies: {{gemas: {{name: gemas}}}}
"""
    oracle = Oracle(rows_of(game.format(pays=1)))
    oracle.submit(key="a", member="ana", kind="message.posted", at=NOON)
    oracle.apply(rows_of(game.format(pays=5)), NOON)
    oracle.submit(key="b", member="ana", kind="message.posted", at=NOON)
    oracle.submit(key="c", member="ana", kind="reward.claim", at=NOON, attributes={"reward": "r"})

    assert oracle.member("ana").balance == {"besitos": 1, "gemas": 6, "xp": 1}


def test_a_level_once_paid_is_not_paid_again_after_a_fall() -> None:
    game = "levels: {{curve: {{linear: {every}}}, currency: xp, pays: {{besitos: 1}}}}"
    oracle = Oracle(rows_of(game.format(every=10)))
    grant = {"currency": "xp", "amount": 25}
    oracle.submit(key="a", member="ana", kind="ledger.grant", at=NOON, attributes=grant)
    oracle.apply(rows_of(game.format(every=100)), NOON)
    oracle.submit(key="b", member="ana", kind="message.posted", at=NOON)
    fallen = oracle.member("ana").level
    oracle.apply(rows_of(game.format(every=10)), NOON)
    oracle.submit(key="c", member="ana", kind="message.posted", at=NOON)

    assert fallen == 1
    assert oracle.member("ana").level == 3
    assert oracle.member("ana").balance == {"besitos": 2, "xp": 25}


def test_a_streak_is_neither_lost_nor_grown_while_it_is_paused() -> None:
    game = "streaks: {racha: {name: Racha, when: message.posted, every: day"
    oracle = Oracle(rows_of(game + "}}"))
    oracle.submit(key="a", member="ana", kind="message.posted", at=NOON)
    oracle.apply(rows_of(game + ", paused: true}}"), NOON + timedelta(hours=1))
    oracle.submit(key="b", member="ana", kind="message.posted", at=NOON + timedelta(days=1))
    oracle.apply(rows_of(game + "}}"), NOON + timedelta(days=5))
    oracle.submit(key="c", member="ana", kind="message.posted", at=NOON + timedelta(days=5, hours=1))

    assert oracle.member("ana").streaks["racha"]["length"] == 2
