"""Leaderboards in the bot: /ranking, its boards, the places around the member, and the button that hides."""

from collections.abc import Iterator
from decimal import Decimal

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton
from babel.numbers import format_decimal

from besitos.core.board import end_of
from besitos.core.member import PROFILE
from besitos.core.number import Number
from besitos.mechanics.leaderboard.decide import BoardAtWork, boards_in_play, boards_of, present_period, shown_value
from besitos.mechanics.leaderboard.model import BOARD_SETTINGS, HideFromBoards, Leaderboard
from besitos.store.boards import Board, Place, Shown, look
from besitos.surfaces.telegram.keys import key_of_press, mark_of, new_nonce
from besitos.surfaces.telegram.markup import Markup, clean, escaped
from besitos.surfaces.telegram.opening import opens
from besitos.surfaces.telegram.payout import payout_text
from besitos.surfaces.telegram.screen import Press, Screen, button, way
from besitos.surfaces.telegram.visit import Entry, Feature, Visit

RANKING = Entry("ranking", "top")

BESIDE = 3
BOARDS_SHOWN = 6
PRIZES_SHOWN = 3
EVERY = {
    "ever": "bot.ranking.every.ever",
    "month": "bot.ranking.every.month",
    "week": "bot.ranking.every.week",
    "day": "bot.ranking.every.day",
    "season": "bot.ranking.every.season",
}
"""What is said of the period of a board."""

MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}


class Look(CallbackData, prefix="top"):
    """The button to a board, which is named by a mark: from its first place, or around the member."""

    mark: str
    is_around: bool = False


class Hide(CallbackData, prefix="top_h"):
    """The button that hides the member from others, or shows them again."""

    mark: str
    is_hidden: bool
    nonce: str


async def on_look(_: CallbackQuery, press: Press, callback_data: Look, visit: Visit) -> None:
    """Another board, or another part of it."""
    await press.toast()
    await press.show(await ranking(visit, callback_data))


async def on_hide(_: CallbackQuery, press: Press, callback_data: Hide, visit: Visit) -> None:
    """Hide, or be seen again."""
    order = HideFromBoards(
        **visit.common,
        key=key_of_press(press.query, "hide", callback_data.nonce),
        is_hidden=callback_data.is_hidden,
    )
    await visit.act(order)
    await press.toast(visit.words.of("bot.ranking.hidden" if callback_data.is_hidden else "bot.ranking.seen"))
    rows = await ranking(visit, Look(mark=callback_data.mark, is_around=True), is_hidden=callback_data.is_hidden)
    await press.show(rows)


async def ranking(visit: Visit, wanted: Look, *, is_hidden: bool | None = None) -> Screen:
    """One board: its places, where the member stands, and the ways to the other boards."""
    words, found = visit.words, boards_in_play(visit.game, visit.words.texts.language)
    if not found:
        return Screen(words.of("bot.ranking.none"))
    board, made = next((each for each in found if mark_of(each[0].key) == wanted.mark), found[0])
    period = present_period(board, visit.game.calendar, words.now)
    at = Board(board.key, board.index, board.kept_in(period), period)
    beside = BESIDE if wanted.is_around else 0
    shown = await look(visit.store, at, made.shows, viewer=visit.member.id, beside=beside)
    hidden = visit.member.get(BOARD_SETTINGS).is_hidden if is_hidden is None else is_hidden
    return Screen(
        text_of(visit, board, made, shown),
        buttons(visit, found, Look(mark=mark_of(board.key), is_around=wanted.is_around), is_hidden=hidden),
    )


def text_of(visit: Visit, board: BoardAtWork, made: Leaderboard, shown: Shown) -> Markup:
    """Until when it runs and what the first of it win; the places, one a line; then where the member stands."""
    words = visit.words
    lines: list[str] = [words.of("bot.ranking.title", name=_name(visit, made)), words.of(EVERY[made.every])]
    lines += [*_end(visit, board), *_prizes(visit, board), ""]
    lines += [_line(visit, board, place) for place in shown.places]
    if not shown.members:
        lines.append(words.of("bot.ranking.empty"))
    elif shown.own is None:
        lines += ["", words.of("bot.ranking.not_yet")]
    else:
        lines += ["", words.many("bot.ranking.own", shown.members, rank=shown.own.rank)]
    return Markup("\n".join(lines))


def buttons(
    visit: Visit, found: list[tuple[BoardAtWork, Leaderboard]], at: Look, *, is_hidden: bool
) -> tuple[tuple[InlineKeyboardButton, ...], ...]:
    """Around me or the first; hide or show; the other boards."""
    words = visit.words
    turned = Look(mark=at.mark, is_around=not at.is_around)
    first = (
        button(words.of("bot.ranking.to_first" if at.is_around else "bot.ranking.to_own"), turned),
        button(
            words.of("bot.ranking.show_me" if is_hidden else "bot.ranking.hide_me"),
            Hide(mark=at.mark, is_hidden=not is_hidden, nonce=new_nonce()),
        ),
    )
    others = [
        button(_name(visit, made), Look(mark=mark_of(board.key)))
        for board, made in found[:BOARDS_SHOWN]
        if mark_of(board.key) != at.mark
    ]
    return (first, *((each,) for each in others))


def _end(visit: Visit, board: BoardAtWork) -> Iterator[Markup]:
    """When the period is over, or was: a season stays to be seen. For ever never is."""
    words, calendar = visit.words, visit.game.calendar
    if board.period.is_ever:
        return
    ends_at = end_of(board.period, calendar, board.period.bucket(calendar, words.now))
    if ends_at is None:
        return
    if ends_at > words.now:
        yield words.of("bot.ranking.until", when=words.until(ends_at))
    else:
        yield words.of("bot.ranking.over", past=words.ago(ends_at))


def _prizes(visit: Visit, board: BoardAtWork) -> Iterator[Markup]:
    """What the first ranks win, as it stands for this member: the amounts of VIPs may be others."""
    words, is_vip = visit.words, visit.member.get(PROFILE).is_vip
    said = (
        (ranks, payout_text(visit, pays.fixed(is_vip)))
        for ranks, pays in sorted(board.prizes, key=lambda each: each[0][0])
    )
    told = [words.of("bot.ranking.prize", rank=_ranks(visit, ranks), what=what) for ranks, what in said if what]
    yield from told[:PRIZES_SHOWN]
    if len(told) > PRIZES_SHOWN:
        yield words.many("bot.ranking.more_prizes", len(told) - PRIZES_SHOWN)


def _ranks(visit: Visit, ranks: range) -> Markup:
    """`🥇`, `🥈 a 🥉`, `4. a 10.`."""
    if len(ranks) == 1:
        return Markup(_rank(ranks[0]))
    return visit.words.of("bot.ranking.ranks", first=_rank(ranks[0]), last=_rank(ranks[-1]))


def _rank(rank: int) -> str:
    return MEDALS.get(rank, f"{rank}.")


def _line(visit: Visit, board: BoardAtWork, place: Place) -> Markup:
    words = visit.words
    name = clean(place.display_name or place.username or "")
    known = escaped(name) if name else words.of("bot.ranking.nameless")
    code = "bot.ranking.me" if place.member_id == visit.member.id else "bot.ranking.place"
    value = shown_value(board, place.score.value, words.now)
    return words.of(code, rank=_rank(place.rank), name=known, value=_value(visit, board, value))


def _value(visit: Visit, board: BoardAtWork, value: Number) -> str:
    if board.is_of_age:
        return visit.words.many("bot.time.days", int(value) // 86_400)
    return format_decimal(Decimal(value), locale=visit.words.texts.language)


def _name(visit: Visit, made: Leaderboard) -> Markup:
    return escaped(made.name.in_language(visit.words.texts.language, visit.game.document.about.language))


def build() -> Router:
    """What members can ask of boards."""
    router = Router(name="leaderboard")
    opens(router, RANKING, lambda visit: ranking(visit, Look(mark="")))
    router.callback_query.register(on_look, Look.filter())
    router.callback_query.register(on_hide, Hide.filter())
    return router


def ways(visit: Visit) -> Iterator[InlineKeyboardButton]:
    """The button to them, in a game that has some."""
    if boards_of(visit.game):
        yield way(visit.words, RANKING.en)


FEATURE = Feature((RANKING,), build, ways=ways)
"""Leaderboards."""
