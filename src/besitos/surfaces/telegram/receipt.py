"""Receipts: what an activity has paid, from where, and what there is now."""

from collections.abc import Iterable, Iterator

from besitos.core.account import Account
from besitos.engine.outcome import Outcome, Paid, given_in
from besitos.surfaces.telegram.markup import Markup
from besitos.surfaces.telegram.payout import givings_text
from besitos.surfaces.telegram.visit import Visit
from besitos.surfaces.telegram.words import Words


def receipt(visit: Visit, outcome: Outcome) -> Markup:
    """A line for each source that paid or gave, one for the balances after; and why something paid less or nothing."""
    words, own = visit.words, [paid for paid in outcome.paid if paid.member_id == visit.member.id]
    told = (step for step in outcome.trace if step.details.get("then") != "report")
    reasons = dict.fromkeys(words.why(step) for step in told if words.texts.has(f"bot.why.{step.reason}"))
    given = given_in(outcome)
    lines = [
        words.of("bot.paid.line", source=source_name(visit, definition), what=words.together(what))
        for definition in dict.fromkeys((*(paid.definition for paid in own), *given))
        if (what := [*_sums(words, own, definition), *givings_text(visit, given.get(definition, ()))])
    ]
    if not lines:
        return Markup("\n".join([words.of("bot.paid.nothing"), *reasons]))
    latest = {paid.account: paid.balance for paid in own if "@" not in paid.account}
    if latest:
        held = [words.amount(balance, account) for account, balance in latest.items()]
        lines.append(words.of("bot.paid.balance", what=words.together(held)))
    return Markup("\n".join([*lines, *reasons]))


def source_name(visit: Visit, definition: str) -> Markup:
    """What paid: by its name in the game, else by ours, else by its key."""
    words, name = visit.words, visit.name_of(definition)
    code = f"bot.source.{definition}"
    if name is None and words.texts.has(code):
        return words.of(code)
    return words.of("bot.source.named", name=name or definition.partition("/")[2] or definition)


def _sums(words: Words, own: Iterable[Paid], definition: str) -> Iterator[Markup]:
    """`+10 besitos`, `+5 XP`; what waits in quarantine says so."""
    sums: dict[str, int] = {}
    for paid in own:
        if paid.definition == definition:
            sums[paid.account] = sums.get(paid.account, 0) + paid.amount
    return (_sum(words, Account(0, account), amount) for account, amount in sums.items())


def _sum(words: Words, account: Account, amount: int) -> Markup:
    change = words.change(amount, account.currency)
    return words.of("bot.paid.held", what=change) if account.is_hold else change
