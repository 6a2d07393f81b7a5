"""What operators give a member besides money, from the command line."""

from pathlib import Path

import pytest

from tests.cli.calling import Call

GAME = """
game: {name: Campus}
items: {llave: {name: Llave, type: narrative_key, content: [album]}}
content: {album: {name: Álbum, media: [{photo: "https://example.org/a.jpg"}]}}
boosts: {perfume: {name: Perfume, multiply: 2, lasts: 2h}}
"""


@pytest.fixture
def shop(house: Call) -> Call:
    """A house whose game has things to give, and ana in it."""
    Path("shop.yaml").write_text(GAME)
    house.well("game", "apply", "shop.yaml")
    house.well("member", "create", "ext:ana")
    return house


def test_items_are_given_and_taken(shop: Call) -> None:
    shop.well("member", "give-item", "ext:ana", "llave", "--count", "3", "--reason", "premio", "--key", "k1")
    again = shop.json("member", "give-item", "ext:ana", "llave", "--count", "3", "--reason", "premio", "--key", "k1")
    shop.well("member", "take-item", "ext:ana", "llave")

    assert again["replayed"]
    assert shop.json("member", "show", "ext:ana")["items"] == {"llave": 2}
    assert "item.unknown" in shop("member", "give-item", "ext:ana", "lave").err
    assert "item.not_enough" in shop("member", "take-item", "ext:ana", "llave", "--count", "3").err
    assert shop("member", "give-item", "ext:ana", "llave", "--count", "0").code == 2


def test_content_is_opened_once(shop: Call) -> None:
    shop.well("member", "open-content", "ext:ana", "album")

    assert "content.already_open" in shop("member", "open-content", "ext:ana", "album").err


def test_a_boost_is_started(shop: Call) -> None:
    shop.well("member", "start-boost", "ext:ana", "perfume")

    assert "payout.not_there" in shop("member", "start-boost", "ext:ana", "parfum").err


def test_vip_time_is_given_and_ended(shop: Call) -> None:
    shop.well("member", "vip", "ext:ana", "30d", "--reason", "sorteo")
    given = shop.json("member", "show", "ext:ana")
    shop.well("member", "vip", "ext:ana", "end")
    ended = shop.json("member", "show", "ext:ana")

    assert (given["type"], ended["type"]) == ("vip", "free")
    assert given["vip_until"] > given["created_at"]
    assert ended["vip_until"] is None
    assert "vip.not_vip" in shop("member", "vip", "ext:ana", "end").err
    assert shop("member", "vip", "ext:ana", "a while").code == 2
