"""The document: read, stored as rows, and read again from them."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from besitos.core.activity import topic_of
from besitos.game.catalogue import BUILT_IN, KNOWN_OF_ALL, VERBS, is_ours
from besitos.game.document import Document
from besitos.game.reader import by_name
from besitos.game.section import LANGUAGE, OWN, Section
from besitos.game.window import Window
from besitos.game.writing import body_of, canonical
from besitos.mechanics import MECHANICS
from tests.game.games import SECTIONS, WHOLE, load

KINDS = ["message.posted", "reply.posted", "live.watched", "daily.claim"]
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=20
).filter(str.strip)
AMOUNTS = st.integers(1, 10**15) | st.integers(-9, -1)
PAYOUTS = st.dictionaries(
    st.sampled_from(["besitos", "xp", "bonus"]),
    AMOUNTS | st.fixed_dictionaries({"free": AMOUNTS, "vip": AMOUNTS}),
    min_size=1,
)
LIMITS = st.sampled_from(["3/day", "200 besitos/day", "5/24h", "1/ever per chat", "3/week for all", "7 xp/90m"])
WHERE = st.fixed_dictionaries(
    {},
    optional={
        "weekday": st.lists(st.sampled_from(["mon", "sun"]), min_size=1),
        "hour": st.sampled_from(["0..4", "22+"]) | st.integers(0, 23),
        "day": st.sampled_from(["2026-12-24", "007", "yes"])
        | st.integers(0, 9)
        | st.fixed_dictionaries({"not": st.just("1.10")}),
    },
)
RULES = st.fixed_dictionaries(
    {
        "when": st.sampled_from(KINDS[:3]) | st.lists(st.sampled_from(KINDS[:2]), min_size=1, unique=True),
        "pays": PAYOUTS,
    },
    optional={
        "name": TEXTS | st.fixed_dictionaries({"es": TEXTS}, optional={"en": TEXTS}),
        "note": TEXTS,
        "where": WHERE,
        "limit": LIMITS.filter(lambda limit: "chat" not in limit)
        | st.lists(st.sampled_from(["1/day", "9/week"]), min_size=1, unique=True),
        "source": st.sampled_from(["charla", "otra"]),
        "quarantine": st.sampled_from(["2d", "90m"]),
        "paused": st.booleans(),
        "order": st.integers(-5, 5),
        "from": st.sampled_from(["2026-12-01", "2026-12-01 18:00"]),
        "until": st.sampled_from(["2027-12-01", "2027-12-01 18:00"]),
    },
)


def test_a_whole_game_is_in_order() -> None:
    game = load(WHOLE)

    assert game.about.zone == "America/Mexico_City"
    assert set(game.currencies) == {"besitos", "xp", "gema"}
    assert game.currencies["besitos"].giftable
    assert game.currencies["besitos"].symbol == "💋"
    assert not game.currencies["xp"].spendable
    assert set(game.activities) == {"invite.accepted", "message.posted"}
    assert set(game.all("rule")) == {"charla", "en_vivo", "falta", "gracias"}


def test_rows_are_what_the_operator_wrote() -> None:
    rows = load(WHOLE).rows

    assert json.loads(rows["rule", "charla"]) == {
        "name": "007",
        "when": ["message.posted"],
        "where": {"length": "10+", "topic": "007", "weekday": ["sat", "sun"], "media": {"not": True}},
        "pays": {"besitos": 1, "xp": {"free": 1, "vip": 2}},
        "limit": ["1/2m", "20/day"],
        "from": "2026-12-01",
        "until": "2026-12-31 18:00",
    }
    assert rows["cap", "total"].startswith(
        '{"allow":{"cap_never_binds":"a propósito"},"limit":["300 besitos/day"],"net":true'
    )
    assert rows["currency", "besitos"] == '{"bonus_expires":"2w","max_balance":100000}'
    assert '"score":[-1,-2.50]' in rows["rule", "falta"]
    assert ("currency", "xp") not in rows


def test_keys_that_count_are_stored_like_all_others() -> None:
    streak = "streaks: {s: {name: S, when: daily.claim, bonuses: {10: {xp: 1}, 2: {xp: 2}, 7: {xp: 3}}}}"
    row = load(f"game: {{name: A}}\n{streak}").rows["streak", "s"]

    assert row == canonical(body_of(row))
    assert list(body_of(row)["bonuses"]) == ["10", "2", "7"]


def test_rows_give_the_same_document() -> None:
    game = load(WHOLE)

    assert Document.from_rows(game.rows, SECTIONS) == game


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), RULES, min_size=1), PAYOUTS.filter(lambda pays: "-" not in str(pays)))
def test_any_game_survives_its_rows(rules: dict[str, Any], gift: dict[str, Any]) -> None:
    text = yaml.safe_dump(
        {"game": {"name": "Prueba"}, "rules": rules, "daily_gift": {"pays": gift}}, allow_unicode=True
    )

    game = load(text)
    again = Document.from_rows(game.rows, SECTIONS)

    assert again == game
    assert set(game.rows) == {("game", "game"), ("daily_gift", "daily_gift")} | {("rule", key) for key in rules}


def test_the_order_of_sections_and_words_means_nothing() -> None:
    one = load("game: {name: A}\nrules: {b: {when: a.b, pays: {xp: 1, besitos: 2}}}\nactivities: {a.b: {}, c.d: {}}")
    other = load(
        "activities: {c.d: {}, a.b: {}}\nrules: {b: {pays: {besitos: 2, xp: 1}, when: [a.b]}}\ngame: {name: A}"
    )

    assert one == other
    assert one.rows == other.rows


def test_rows_of_a_kind_that_nothing_reads_are_kept_out_of_play() -> None:
    rows = {**load(WHOLE).rows, ("pet", "michi"): '{"name":"Michi"}'}

    game = Document.from_rows(rows, SECTIONS)

    assert game.rows == rows
    assert "pet" not in game.definitions


def test_no_rows_are_a_game_all_the_same() -> None:
    game = Document.from_rows({}, SECTIONS)

    assert game.about.day_begins == 0
    assert set(game.currencies) == {"besitos", "xp"}


def test_attributes_are_built_in_and_declared() -> None:
    game = load(WHOLE)

    assert game.attributes_of("invite.accepted") == {"guest": "text", "score": "number"}
    assert {"topic": "text", "length": "number"}.items() <= (game.attributes_of("message.posted") or {}).items()
    assert (game.filterable_of("daily.claim") or {}).items() >= KNOWN_OF_ALL.items()
    assert game.attributes_of("gamification.daily_claimed") is not None
    assert game.attributes_of("mesage.posted") is None


@pytest.mark.parametrize("section", [*OWN, *SECTIONS], ids=lambda section: section.name)
def test_every_section_has_a_schema(section: Section) -> None:
    schema = section.model.model_json_schema(by_alias=True)

    assert schema["additionalProperties"] is False


def test_a_definition_is_in_play_inside_its_window() -> None:
    game = load(WHOLE)
    window, paused, always = (
        Window.of(game.all(kind)[key], game.calendar)
        for kind, key in [("rule", "charla"), ("rule", "gracias"), ("daily_gift", "daily_gift")]
    )

    assert window.opens is not None
    assert window.closes is not None
    assert window.is_open(window.opens)
    assert not window.is_open(window.closes)
    assert not paused.is_open(window.opens)
    assert always.is_open(window.opens)


def test_sections_are_found_by_the_word_at_the_top() -> None:
    assert set(by_name(SECTIONS)) == set(LANGUAGE)


def test_what_mechanics_keep_to_themselves_cannot_be_declared() -> None:
    """The game is read without mechanics, so the catalogue lists what is theirs."""
    handled = [(topic_of(handles.activity), handles) for mechanic in MECHANICS for handles in mechanic.handles]

    assert {kind for kind, handles in handled if not handles.is_public} | {"happened"} == VERBS
    assert not [kind for kind, handles in handled if handles.is_public and is_ours(kind)]
    assert not is_ours("member.joined")
    assert "member.joined" in BUILT_IN
