"""Telegram's HTML, and the commands and links it finds by itself."""

from contextlib import suppress
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from besitos.playground.markup import formatted, parse_html
from besitos.playground.objects import Entity
from besitos.playground.refusals import Refused
from besitos.playground.tags import units


def entities(html: str) -> list[tuple[str, str]]:
    """What each entity is and covers."""
    marked = formatted(html, "HTML", None)
    wide = marked.text.encode("utf-16-le")
    return [
        (entity.type, wide[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le"))
        for entity in marked.entities
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>a</b><strong>b</strong>", [("bold", "a"), ("bold", "b")]),
        (
            "<i>a</i><em>b</em><u>c</u><ins>d</ins>",
            [("italic", "a"), ("italic", "b"), ("underline", "c"), ("underline", "d")],
        ),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            [("strikethrough", "a"), ("strikethrough", "b"), ("strikethrough", "c")],
        ),
        ('<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', [("spoiler", "a"), ("spoiler", "b")]),
        ("<B>💋<i>ñ</i></B>💋<code>x</code>", [("bold", "💋ñ"), ("italic", "ñ"), ("code", "x")]),
        (
            "<blockquote>a</blockquote><blockquote expandable>b</blockquote>",
            [("blockquote", "a"), ("expandable_blockquote", "b")],
        ),
        ("<pre>/start @ana https://example.org</pre>", [("pre", "/start @ana https://example.org")]),
        ('<a href="https://example.org/?a=1&amp;b=2">here</a>', [("text_link", "here")]),
        ("<a>example.org</a>", [("text_link", "example.org")]),
        ('<a href="javascript:alert(1)">here</a>', []),
        ("<b></b>x", []),
        ("<b> x </b>", [("bold", "x")]),
        ("<b>x</ b >y<i>z</>", [("bold", "x"), ("italic", "z")]),
        (
            "a/b /diario@besitos_bot, (/ayuda) /no/ 1/2",
            [("bot_command", "/diario@besitos_bot"), ("bot_command", "/ayuda")],
        ),
        (
            "@ana mail@ana.org #tag #12 https://example.org/@x.",
            [("mention", "@ana"), ("hashtag", "#tag"), ("url", "https://example.org/@x")],
        ),
    ],
)
def test_html_becomes_entities(html: str, expected: list[tuple[str, str]]) -> None:
    assert entities(html) == expected


def test_details_of_entities_are_kept() -> None:
    marked = parse_html(
        '<pre><code class="language-python">x</code></pre><a href="https://example.org/?a=1&amp;b">y</a>'
        '<tg-emoji emoji-id="5">z</tg-emoji><tg-time unix="60" format="t">w</tg-time>'
    )

    assert marked.entities == (
        Entity(type="pre", offset=0, length=1, language="python"),
        Entity(type="text_link", offset=1, length=1, url="https://example.org/?a=1&b"),
        Entity(type="custom_emoji", offset=2, length=1, custom_emoji_id="5"),
        Entity(type="date_time", offset=3, length=1, unix_time=60, date_time_format="t"),
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&lt;b&gt; &amp;amp; &quot;", '<b> &amp; "'),
        ("&#128139; &#x1F48B;", "💋 💋"),
        ("&nbsp; &copy; & &#0; &#xd800;", "&nbsp; &copy; & &#0; &#xd800;"),
        ("&ltx", "&ltx"),
        ("&lt5", "<5"),
        ("a\r\nb\x00c", "a \nb c"),
    ],
)
def test_only_four_characters_have_names(html: str, text: str) -> None:
    assert formatted(html, "html", None).text == text


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("ñ<br/>", 'Unsupported start tag "br/" at byte offset 2'),
        ("x<3", "Unclosed start tag at byte offset 1"),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
    ],
)
def test_html_that_telegram_refuses(html: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_html(html)

    assert refused.value.description == f"Bad Request: can't parse entities: {why}"


@pytest.mark.parametrize("mode", ["Markdown", "MarkdownV2", "bbcode"])
def test_other_parse_modes_are_refused_rather_than_pretended(mode: str) -> None:
    with pytest.raises(Refused, match="unsupported parse_mode"):
        formatted("*x*", mode, None)


def test_entities_may_come_ready_made() -> None:
    marked = formatted("  hola", "", [{"type": "bold", "offset": 2, "length": 4}])

    assert marked.entities == (Entity(type="bold", offset=0, length=4),)
    with pytest.raises(Refused, match="can't parse MessageEntity"):
        formatted("hola", "", [{"type": "bold"}])


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_escaped_text_arrives_as_it_was(text: str) -> None:
    marked = parse_html(f"<b>{escape(text, quote=False)}</b>")

    assert marked.text == text
    assert [(entity.offset, entity.length) for entity in marked.entities] == ([(0, units(text))] if text else [])


@given(st.text(st.sampled_from("<>/&;\"'= abip#x1💋")))
def test_no_html_is_too_strange_to_be_judged(html: str) -> None:
    with suppress(Refused):
        marked = formatted(html, "HTML", None)
        assert all(0 <= mark.offset < mark.offset + mark.length <= units(marked.text) for mark in marked.entities)
