"""Money in the bot: /saldo and /historial. Nothing here changes anything."""

from collections.abc import Iterable, Sequence

from aiogram import Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton

from besitos.core.account import BESITOS, XP, Account, purse
from besitos.core.lot import Lot
from besitos.core.transaction import TransactionType
from besitos.core.view import View
from besitos.ledger.wallet import Wallet
from besitos.store.reads import Card, Line, history, newer_history
from besitos.surfaces.telegram.markup import Markup, clean, escaped
from besitos.surfaces.telegram.opening import opens
from besitos.surfaces.telegram.screen import Press, Screen, button, way
from besitos.surfaces.telegram.visit import Entry, Feature, Invitation, Visit
from besitos.surfaces.telegram.words import Words

BALANCE = Entry("saldo", "balance")
HISTORY = Entry("historial", "history")

PAGE = 8
LOTS_SHOWN = 3
NOTE_SHOWN = 80
FILTERS_SHOWN = 5
NAME_SENT = 30
"""Characters of a currency's key that a button carries: it holds 64 bytes in all."""


class Page(CallbackData, prefix="history"):
    """A page of the history: of all or of one currency, older than one line or newer than another."""

    currency: str = ""
    before: int = 0
    after: int = 0


async def on_page(_: CallbackQuery, press: Press, callback_data: Page, visit: Visit) -> None:
    """Another page, or another currency."""
    await press.toast()
    await press.show(await history_screen(visit, callback_data))


async def balance(visit: Visit) -> Screen:
    """Every currency, what is held or owed of it, and what expires."""
    words, card = visit.words, visit.member.card
    lines = [words.of("bot.balance.title"), ""]
    for currency in currencies_of(visit):
        lines += balance_lines(words, card, currency)
    return Screen(Markup("\n".join(lines)), ((way(words, HISTORY.en),),))


def currencies_of(visit: Visit) -> list[str]:
    """Besitos and XP always, others where the member has, or has had, some."""
    own = {Account(visit.member.id, name).currency for name in visit.member.card.wallets}
    return [BESITOS, XP, *sorted(own - {BESITOS, XP})]


def balance_lines(words: Words, card: Card, currency: str) -> Iterable[Markup]:
    """One currency. What has expired is gone, whether or not that was booked already."""
    wallet = card.wallet(currency)
    yield words.held(wallet.spendable(words.now), currency)
    if held := card.held(currency):
        yield words.of("bot.balance.held", what=words.amount(held, currency))
    if wallet.debt:
        yield words.of("bot.balance.debt", what=words.amount(wallet.debt, currency))
    yield from expiry_lines(words, wallet)


def expiry_lines(words: Words, wallet: Wallet) -> Iterable[Markup]:
    """What expires, soonest first: `120 caducan en 7 días`."""
    live = [lot for lot in wallet.lots if lot.expires_at > words.now]
    for lot in live[:LOTS_SHOWN]:
        yield expiry_line(words, lot)
    if rest := sum(lot.amount for lot in live[LOTS_SHOWN:]):
        yield words.many("bot.balance.expire_later", rest)


def expiry_line(words: Words, lot: Lot) -> Markup:
    """One lot."""
    return words.many("bot.balance.expires", lot.amount, when=words.until(lot.expires_at))


async def history_screen(visit: Visit, page: Page) -> Screen:
    """One page, with arrows only where there is more."""
    words, currency = visit.words, next((each for each in currencies_of(visit) if sent(each) == page.currency), None)
    lines, has_newer, has_older = await lines_of(visit, page, currency)
    title = (
        words.of("bot.history.title")
        if currency is None
        else words.of("bot.history.title_of", what=words.currency(currency))
    )
    told = [history_line(visit, line) for line in lines] or [words.of("bot.history.empty")]
    return Screen(Markup("\n\n".join([title, *told])), keyboard(visit, lines, currency, (has_newer, has_older)))


async def lines_of(visit: Visit, page: Page, currency: str | None) -> tuple[Sequence[Line], bool, bool]:
    """The lines of a page, whether there are newer ones, and whether there are older ones."""
    member_id = visit.member.id
    if page.after:
        newer = await newer_history(visit.store, member_id, page.after, limit=PAGE + 1, account=currency)
        if len(newer) >= PAGE:
            return newer[-PAGE:], len(newer) > PAGE, True
    before = page.before or None
    lines = await history(visit.store, member_id, before=before, limit=PAGE + 1, account=currency)
    if before and not lines:
        return await lines_of(visit, Page(currency=page.currency), currency)
    return lines[:PAGE], before is not None, len(lines) > PAGE


def history_line(visit: Visit, line: Line) -> Markup:
    """What it was, how much, what was there after it, and when."""
    words = visit.words
    account = Account(line.member_id, line.account)
    known = TransactionType.__members__.get(line.type)
    what = words.of(f"transaction.{line.type}") if known else escaped(line.type)
    cause = visit.name_of(line.definition)
    parts = {
        "emoji": known.emoji if known else "•",
        "what": words.of("bot.history.cause", what=what, cause=cause) if cause else what,
        "amount": words.change(line.amount, account.currency),
        "balance": words.amount(line.balance_after, account.currency),
        "when": words.ago(line.occurred_at),
    }
    told = [words.of("bot.history.line", **parts)]
    if account.is_hold:
        told.append(words.of("bot.history.held"))
    if line.note:
        told.append(words.of("bot.history.note", note=clean(line.note, NOTE_SHOWN)))
    if line.reversed_by:
        told.append(words.of("bot.history.reversed"))
    return Markup("\n".join(told))


def keyboard(
    visit: Visit, lines: Sequence[Line], currency: str | None, more: tuple[bool, bool]
) -> tuple[tuple[InlineKeyboardButton, ...], ...]:
    """Arrows, filters, and the way back."""
    words, key = visit.words, sent(currency or "")
    has_newer, has_older = more
    arrows = []
    if has_newer and lines:
        arrows.append(button(words.of("bot.history.newer"), Page(currency=key, after=lines[0].seq)))
    if has_older:
        arrows.append(button(words.of("bot.history.older"), Page(currency=key, before=lines[-1].seq)))
    rows = (tuple(arrows), *filters(visit, currency), (way(words, BALANCE.en),))
    return tuple(row for row in rows if row)


def filters(visit: Visit, chosen: str | None) -> Iterable[tuple[InlineKeyboardButton, ...]]:
    """One button for all and one for each currency, two in a row, the chosen one marked; none where all is one."""
    words, moved = visit.words, [each for each in currencies_of(visit) if each in visit.member.card.wallets]
    if len(moved) < 2:
        return
    named = [(None, words.of("bot.history.all")), *((each, words.currency(each)) for each in moved[:FILTERS_SHOWN])]
    buttons = [
        button(words.of("bot.history.chosen", what=what) if each == chosen else what, Page(currency=sent(each or "")))
        for each, what in named
    ]
    for place in range(0, len(buttons), 2):
        yield tuple(buttons[place : place + 2])


def sent(currency: str) -> str:
    """A currency as buttons carry it."""
    return currency[:NAME_SENT]


def invite(visit: Visit) -> Invitation:
    """What /start says of money: how much there is."""
    words = visit.words
    held = words.amount(visit.member.card.wallet(BESITOS).spendable(words.now), BESITOS)
    return Invitation(words.of("bot.balance.invite", what=held), way(words, BALANCE.en))


def build() -> Router:
    """What members can ask of their money."""
    router = Router(name="transfer")
    opens(router, BALANCE, balance)
    opens(router, HISTORY, lambda visit: history_screen(visit, Page()))
    router.callback_query.register(on_page, Page.filter())
    return router


def ways(visit: Visit) -> Iterable[InlineKeyboardButton]:
    """The buttons to what there is and to what moved."""
    return way(visit.words, BALANCE.en), way(visit.words, HISTORY.en)


def profile(visit: Visit, view: View) -> Markup:
    """What there is of each currency, and what of besitos expires next."""
    words, wallet = visit.words, visit.member.card.wallet(BESITOS)
    held = [(each, view.balance(purse(visit.member.id, each))) for each in currencies_of(visit) if each != XP]
    lines = [words.held(amount, each) for each, amount in held]
    live = [lot for lot in wallet.lots if lot.expires_at > words.now]
    if live:
        lines.insert(1, expiry_line(words, live[0]))
    return Markup("\n".join(lines))


FEATURE = Feature((BALANCE, HISTORY), build, invite, ways)
