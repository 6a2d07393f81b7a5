"""How a payout becomes movements: amount, units, boosts, limits, caps, max_balance, and then the rest of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from tests.oracle.asking import Asking
from tests.oracle.counting import Counter, counters
from tests.oracle.reading import Body
from tests.oracle.state import Award, Entry, Held, Lot, Move, Transaction
from tests.oracle.units import duration, share_of

GIVEN = ("badges", "content", "flags", "items", "vip")
TYPES = {
    "daily_gift": "EARN_DAILY",
    "streak": "EARN_STREAK",
    "reaction": "EARN_REACTION",
    "badge": "EARN_ACHIEVEMENT",
    "mission": "EARN_MISSION",
    "reward": "EARN_REWARD",
    "level": "EARN_LEVEL",
    "leaderboard": "PRIZE",
    "admin": "EARN_ADMIN",
}
TAKING = {"SPEND_ADMIN", "EXPIRE"}
EARNED = {*TYPES.values(), "EARN_RULE", "RELEASE"}


@dataclass
class Payment:
    """One payout to one member, on its way."""

    payout: Body
    source: str
    cause: str
    type: str
    attributes: Body = field(default_factory=dict)
    limits: list[Counter] = field(default_factory=list)
    quarantine: str | None = None
    moves: list[Move] = field(default_factory=list)
    tell: Callable[[], None] | None = None

    def announce(self) -> None:
        """Say what was paid for, once: the money comes first, and what else is given last."""
        tell, self.tell = self.tell, None
        if tell is not None:
            tell()

    @property
    def gives(self) -> bool:
        """Whether it is more than a penalty: caps do not hold those back."""
        return any(word in GIVEN or "-" not in str(amount) for word, amount in self.payout.items())

    def planned(self, currency: str) -> list[int]:
        """What earlier words of this payout already move of a currency."""
        return [each.amount for each in self.moves if each.currency == currency]


def pay(tx: Transaction, payment: Payment) -> bool:
    """Make a payout; whether anything was paid."""
    is_paid = make(tx, payment)
    payment.announce()
    return is_paid


def make(tx: Transaction, payment: Payment) -> bool:
    caps = caps_of(tx, payment.source)
    cut = [each for key, body in caps if body.get("then", "cut") == "cut" for each in counters(tx, "cap", key, body)]
    full = [each for each in cut if each.limit.currency is None and refusal(tx, each, payment)]
    closed = [reason for each in full if (reason := refusal(tx, each, payment))]
    is_closed = bool(closed) and payment.gives
    for word in sorted(word for word in payment.payout if word not in GIVEN):
        amount = amount_of(tx, payment, word)
        if amount > 0:
            amount = 0 if is_closed else cut_down(tx, payment, Move(word, amount), cut)
        elif amount < 0:
            amount = -min(-amount, tx.member.balance[word] + sum(payment.planned(word)))
        if amount:
            payment.moves.append(Move(word, amount))
    for reason in closed if is_closed else []:
        tx.explain(payment.cause, reason)
    given = {} if is_closed else {word: payment.payout[word] for word in GIVEN if word in payment.payout}
    if not payment.moves and not any(is_news(tx, word, what) for word, what in given.items()):
        return False
    until = is_held(tx, payment, caps)
    watch(tx, payment, caps)
    count_uses(tx, payment, caps, full if is_closed else [])
    if until is not NOT_HELD:
        tx.world.held.append(Held(tx.member.id, payment.moves, given, payment.source, payment.cause, until))
        tx.publish("gamification.payout_quarantined", source=payment.source)
        return True
    settle(tx, payment, given)
    return True


def caps_of(tx: Transaction, source: str) -> list[tuple[str, Body]]:
    """The caps in play that name a source, by key."""
    if source == "admin":
        return []
    return [
        (key, body)
        for key, body in tx.game.all("cap").items()
        if tx.game.is_in_play(body, tx.now) and ({source, "all"} & set(body["sources"]))
    ]


def refusal(tx: Transaction, counter: Counter, payment: Payment) -> str | None:
    """Why a times limit lets nothing through; None when it does."""
    left, reason = counter.room(tx, payment.attributes)
    return reason if left <= 0 else None


def amount_of(tx: Transaction, payment: Payment, word: str) -> int:
    """For the type of member, per unit with the remainder carried, times the boosts."""
    share = share_of(payment.payout[word], tx.member.type)
    amount = share.number
    if share.attribute is not None:
        if share.attribute not in payment.attributes:
            return 0
        carry = (payment.cause, word)
        total = tx.member.carried[carry] + payment.attributes[share.attribute]
        amount *= int(total // share.step)
        tx.member.carried[carry] = total % share.step
    if amount <= 0:
        return amount
    factor = Decimal(1)
    for key, body in tx.game.all("boost").items():
        if body.get("currency", "besitos") == Move(word, amount).currency and is_boosting(
            tx, key, body, payment.source
        ):
            factor *= Decimal(str(body["multiply"]))
    return int(amount * factor)


def is_boosting(tx: Transaction, key: str, body: Body, source: str) -> bool:
    if not {source, "all"} & set(body.get("sources", ["all"])):
        return False
    if "lasts" in body and not (key in tx.member.boosts and tx.now < tx.member.boosts[key]):
        return False
    is_open = not body.get("paused") if "lasts" in body else tx.game.is_in_play(body, tx.now)
    return is_open and Asking(tx.game, tx.member, tx.now, {}).holds(body.get("if"))


def cut_down(tx: Transaction, payment: Payment, move: Move, cut: list[Counter]) -> int:
    """What the amount limits of the rule, then the caps, then the largest balance leave of an amount."""
    amount = move.amount
    planned = payment.planned(move.currency)
    for counter in [*payment.limits, *cut]:
        if counter.limit.currency != move.currency:
            continue
        left, reason = counter.room(tx, payment.attributes)
        left -= sum(each for each in planned if each > 0 or is_net(tx, counter))
        if left < amount:
            tx.explain(payment.cause, reason)
        amount = min(amount, max(0, left))
    most = (tx.game.get("currency", move.currency) or {}).get("max_balance")
    if most is not None and amount > 0:
        left = max(0, most - tx.member.balance[move.currency] - sum(planned))
        if left < amount:
            tx.explain(payment.cause, "ledger.max_balance")
        amount = min(amount, left)
    return amount


def is_net(tx: Transaction, counter: Counter) -> bool:
    return counter.kind == "cap" and bool(tx.game.all("cap")[counter.key].get("net"))


def exceeded(tx: Transaction, payment: Payment, key: str, body: Body) -> bool:
    """Whether what is left of a payment goes above a cap that does not cut."""
    for counter in counters(tx, "cap", key, body) if payment.gives else []:
        left, _ = counter.room(tx, payment.attributes)
        if counter.limit.currency is None:
            wanted = 1
        else:
            moved = payment.planned(counter.limit.currency)
            wanted = sum(each for each in moved if each > 0 or body.get("net"))
        if wanted > 0 and wanted > left:
            return True
    return False


def watch(tx: Transaction, payment: Payment, caps: list[tuple[str, Body]]) -> None:
    for key, body in caps:
        if body.get("then") == "report" and exceeded(tx, payment, key, body):
            tx.world.anomalies.append((key, tx.member.id))


NOT_HELD = datetime.min.replace(tzinfo=UTC)


def is_held(tx: Transaction, payment: Payment, caps: list[tuple[str, Body]]) -> datetime | None:
    """Until when a payment waits: NOT_HELD, a moment, or None where a person must look at it."""
    if any(body.get("then") == "quarantine" and exceeded(tx, payment, key, body) for key, body in caps):
        return None
    return tx.now + duration(payment.quarantine) if payment.quarantine else NOT_HELD


def count_uses(tx: Transaction, payment: Payment, caps: list[tuple[str, Body]], full: list[Counter]) -> None:
    """Count what is paid against the amount limits of the rule and all limits of the caps, held for review or not.

    A cap on times that is full counts no penalty that it lets pass.
    """
    attributes = payment.attributes
    for counter in payment.limits:
        if counter.limit.currency and (paid := sum(x for x in payment.planned(counter.limit.currency) if x > 0)):
            counter.use(tx, attributes, paid)
    for key, body in caps:
        for counter in counters(tx, "cap", key, body):
            if counter in full:
                continue
            moved = payment.planned(counter.limit.currency or "")
            number = sum(each for each in moved if each > 0 or body.get("net"))
            if counter.limit.currency is None:
                counter.use(tx, attributes, 1)
            elif number:
                counter.use(tx, attributes, number)


def settle(tx: Transaction, payment: Payment, given: Body) -> None:
    """Move the amounts, by word, then give the rest."""
    for move in payment.moves:
        amount = move.amount
        if amount < 0:
            amount = -min(-amount, tx.member.balance[move.currency])
        if amount:
            book(tx, move.currency, amount, payment)
        if move.word == "bonus":
            currency = tx.game.all("currency")["besitos"]
            last_day = (tx.now + tx.game.lasting(currency, "bonus_expires", "30d")).astimezone(UTC).date()
            expires_at = datetime.combine(last_day + timedelta(days=1), time(), UTC)
            tx.member.lots.append(Lot(expires_at, amount))
    payment.announce()
    for word in GIVEN:
        if word in given:
            give(tx, word, given[word])


def book(tx: Transaction, currency: str, amount: int, payment: Payment) -> None:
    """One movement, with what it changes and publishes."""
    member, type_ = tx.member, payment.type if amount > 0 or payment.type in TAKING else "PENALTY"
    member.balance[currency] += amount
    entry = Entry(
        tx.key, member.id, currency, amount, member.balance[currency], type_, payment.source, payment.cause, tx.now
    )
    tx.outcome.entries.append(entry)
    tx.world.journal.entries.append(entry)
    tx.changed.add(("balance", currency))
    if type_ == "EXPIRE":
        tx.publish("gamification.besitos_expired", amount=-amount, currency=currency)
        return
    if amount < 0:
        use_lots(tx, currency, -amount)
        if type_ == "SPEND_ADMIN":
            tx.count("spent", currency, -amount)
            tx.publish("gamification.besitos_spent", amount=-amount, sink=payment.source, currency=currency)
        return
    if type_ in EARNED:
        tx.count("earned", currency, amount)
    if currency == "xp":
        tx.count("xp", "", amount)
        tx.publish("gamification.xp_earned", amount=amount, source=payment.source, currency=currency)
        return
    tx.publish("gamification.besitos_earned", amount=amount, source=payment.source, currency=currency)


def use_lots(tx: Transaction, currency: str, amount: int) -> None:
    """What is taken comes from the lot that expires first."""
    if currency != "besitos":
        return
    for lot in sorted(tx.member.lots, key=lambda each: each.expires_at):
        used = min(lot.left, amount)
        lot.left -= used
        amount -= used


def is_news(tx: Transaction, word: str, what: object) -> bool:
    """Whether giving this would give anything: items and VIP always, the rest when not yet held."""
    member = tx.member
    if word == "badges":
        assert isinstance(what, list)
        return any(can_be_given(tx, key, "") for key in what)
    if word in {"content", "flags"}:
        assert isinstance(what, list)
        return not set(what) <= member.owned["flag" if word == "flags" else word]
    return True


def give(tx: Transaction, word: str, what: object) -> None:
    member = tx.member
    if word == "vip":
        start = max(tx.now, member.vip_until or tx.now)
        member.vip_until = start + duration(str(what))
        become(tx, "vip")
    elif isinstance(what, dict):
        for key, number in what.items():
            member.items[key] += number
            tx.changed.add(("item", key))
    elif isinstance(what, list):
        for key in what:
            if word == "badges":
                give_badge(tx, key, "", {})
            elif key not in member.owned[possession := "flag" if word == "flags" else word]:
                member.owned[possession].add(key)
                tx.changed.add((possession, key))


def become(tx: Transaction, member_type: str) -> None:
    """Change the type of a member, who may have been of it before."""
    if tx.member.type != member_type:
        tx.member.type = member_type
        tx.changed.add(("member", ""))
        tx.publish("admin.member_type_changed", type=member_type)


def can_be_given(tx: Transaction, key: str, value: str) -> bool:
    """Whether a badge is not yet held, in play, and not used up by the community."""
    body = tx.game.all("badge")[key]
    held = "" if body.get("once") else value
    if (key, held) in tx.member.badges or not tx.game.is_in_play(body, tx.now):
        return False
    attributes = {body["per"]: value} if "per" in body else {}
    for counter in counters(tx, "badge", key, body):
        left, reason = counter.room(tx, attributes)
        if left <= 0:
            tx.explain(f"badge/{key}", reason)
            return False
    return True


def give_badge(tx: Transaction, key: str, value: str, attributes: Body) -> None:
    """Give a badge as if earned: it counts, is announced and pays."""
    if not can_be_given(tx, key, value):
        return
    body = tx.game.all("badge")[key]
    for counter in counters(tx, "badge", key, body):
        counter.use(tx, attributes, 1)
    held = "" if body.get("once") else value

    def tell() -> None:
        tx.member.badges[key, held] = tx.now
        tx.changed.add(("badge", key))
        tx.count("badges")
        award = Award(key, tx.member.id, held, tx.now)
        tx.outcome.awards.append(award)
        tx.world.journal.awards.append(award)
        tx.publish("gamification.achievement_unlocked", badge=key, **attributes)

    pays = body.get("pays", {})
    pay(tx, Payment(pays, "badge", f"badge/{key}", TYPES["badge"], attributes, tell=tell))
