"""Differences: what they name, and that what two have changed can be put together."""

from hypothesis import given
from hypothesis import strategies as st

from besitos.engine.editing.difference import UNWRITTEN, Word, as_data, difference, merge, name_of, plain
from besitos.game.written import Dec, Int

RULE, CAP, GIFT = ("rule", "a"), ("cap", "b"), ("daily_gift", "daily_gift")
ROWS = st.dictionaries(
    st.sampled_from([RULE, CAP, GIFT, ("rule", "c"), ("rule", "d")]), st.sampled_from(['{"x":1}', '{"x":2}', '{"x":3}'])
)


def words(before: str, after: str) -> tuple[Word, ...]:
    return difference({RULE: before}, {RULE: after}).words[RULE]


def test_words_are_named_as_deep_as_both_have_the_same_form() -> None:
    assert words('{"pays":{"xp":1},"limit":["3/day"]}', '{"pays":{"xp":2,"besitos":1},"limit":["3/day","9/week"]}') == (
        Word("pays.xp", 1, 2),
        Word("pays.besitos", UNWRITTEN, 1),
        Word("limit", ["3/day"], ["3/day", "9/week"]),
    )
    assert words('{"rows":[{"key":"a","n":1},2]}', '{"rows":[{"key":"a"},2]}') == (Word("rows.0.n", 1, UNWRITTEN),)
    assert words('{"name":"A"}', '{"name":{"es":"A"}}') == (Word("name", "A", {"es": "A"}),)


def test_how_a_database_spaced_a_row_is_no_difference_and_a_digit_is() -> None:
    assert not difference({RULE: '{"a": 1, "b": [1.10]}'}, {RULE: '{"b":[1.10],"a":1}'})
    assert difference({RULE: '{"a":1.10}'}, {RULE: '{"a":1.1}'})


def test_a_difference_is_told_by_name() -> None:
    found = difference({RULE: '{"x":1}', CAP: "{}"}, {RULE: '{"x":true}', GIFT: "{}"})

    assert as_data(found) == {
        "added": ["daily_gift"],
        "changed": ["rule/a"],
        "archived": ["cap/b"],
        "words": {"rule/a": [{"word": "x", "before": 1, "after": True}]},
    }
    assert name_of(GIFT) == "daily_gift"


def test_numbers_of_the_reader_become_plain_ones() -> None:
    made = plain({"a": [Int.read("007"), Dec.read("1.50"), "x", True]})

    assert made == {"a": [7, 1.5, "x", True]}
    assert [type(each) for each in made["a"]] == [int, float, str, bool]


@given(ROWS, ROWS)
def test_every_difference_leads_from_one_to_the_other(
    before: dict[tuple[str, str], str], after: dict[tuple[str, str], str]
) -> None:
    found = difference(before, after)

    kept = {key: row for key, row in before.items() if key not in found.archived}
    assert kept | {key: after[key] for key in (*found.added, *found.changed)} == after
    assert bool(found) == (before != after)


@given(ROWS, ROWS, ROWS)
def test_a_merge_keeps_what_only_one_side_has_changed(
    base: dict[tuple[str, str], str], mine: dict[tuple[str, str], str], theirs: dict[tuple[str, str], str]
) -> None:
    merged = merge(base, mine, theirs)

    for key in base.keys() | mine.keys() | theirs.keys():
        if theirs.get(key) == base.get(key):
            assert merged.rows.get(key) == mine.get(key)
        else:
            assert merged.rows.get(key) == theirs.get(key)
            assert (key in merged.conflicts) == (mine.get(key) not in {base.get(key), theirs.get(key)})


@given(ROWS, ROWS)
def test_without_others_a_merge_is_mine_and_without_mine_it_is_theirs(
    base: dict[tuple[str, str], str], one: dict[tuple[str, str], str]
) -> None:
    assert merge(base, one, base).rows == one
    assert merge(base, base, one).rows == one
    assert merge(base, one, one).conflicts == ()
