"""What the mechanic of a kind refuses, and what it does: the gift, reactions, claims, missions, items, the books."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from tests.oracle.asking import Asking
from tests.oracle.awarding import assign, can_begin, claim, has_room
from tests.oracle.calendars import DAY
from tests.oracle.following import calendar_of, can_be_repaired, repair
from tests.oracle.paying import TYPES, Payment, become, book, pay
from tests.oracle.reading import Body
from tests.oracle.state import Transaction
from tests.oracle.units import duration

Refuse: TypeAlias = Callable[[Transaction, Body], str | None]
Act: TypeAlias = Callable[[Transaction, Body], None]

LEDGER, UNMET = "ledger.insufficient", "condition.unmet"


# ------------------------------------------------------------------------------------------------ the daily gift
def gift_today(tx: Transaction, gift: Body) -> datetime:
    return calendar_of(tx.game, tx.member, gift.get("day", "utc")).period("day", tx.now)


def refuse_gift(tx: Transaction, _: Body) -> str | None:
    gift = tx.game.single("daily_gift")
    if gift is None:
        return "daily_gift.none"
    if tx.member.gift_day is not None and gift_today(tx, gift) <= tx.member.gift_day:
        return "daily_gift.already_claimed"
    return None if Asking(tx.game, tx.member, tx.now, {}).holds(gift.get("if")) else UNMET


def give_gift(tx: Transaction, _: Body) -> None:
    """Give the gift of the day, unless the automatic one came before."""
    gift = tx.game.single("daily_gift")
    if gift is None or refuse_gift(tx, {}) is not None:
        return
    tx.member.gift_day = gift_today(tx, gift)

    def tell() -> None:
        tx.count("daily_gifts")
        tx.publish("gamification.daily_claimed")

    pay(tx, Payment(gift["pays"], "daily_gift", "daily_gift/daily_gift", TYPES["daily_gift"], tell=tell))


def give_automatic_gift(tx: Transaction) -> None:
    if (tx.game.single("daily_gift") or {}).get("auto"):
        give_gift(tx, {})


# ------------------------------------------------------------------------------------------------ reactions
def refuse_reaction(tx: Transaction, sent: Body) -> str | None:
    if sent.get("post") in tx.member.reacted:
        return "reaction.already"
    body = tx.game.get("reaction", sent.get("reaction", "")) or {}
    return None if Asking(tx.game, tx.member, tx.now, {}).holds(body.get("if")) else UNMET


def react(tx: Transaction, sent: Body) -> None:
    if "post" in sent:
        tx.member.reacted.add(sent["post"])
    tx.count("reactions")
    tx.publish("gamification.reaction_added", **sent)
    body = tx.game.get("reaction", sent.get("reaction", "")) or {}
    if "pays" in body:
        pay(tx, Payment(body["pays"], "reaction", f"reaction/{sent['reaction']}", TYPES["reaction"], sent))


# ------------------------------------------------------------------------------------------------ rewards, missions
def refuse_claim(tx: Transaction, sent: Body) -> str | None:
    body, reward = tx.game.get("reward", sent["reward"]), tx.member.rewards[sent["reward"]]
    if body is None:
        return "reward.unknown"
    if reward.state != "UNLOCKED":
        return f"reward.{reward.state.lower()}"
    return None if has_room(tx, sent["reward"], body) else "limit.reached"


def act_claim(tx: Transaction, sent: Body) -> None:
    claim(tx, sent["reward"])


def refuse_take(tx: Transaction, sent: Body) -> str | None:
    body = tx.game.get("mission", sent["mission"])
    if body is None or body.get("assign", "automatic") != "taken":
        return "mission.not_to_be_taken"
    return None if can_begin(tx, sent["mission"], body) else "mission.not_now"


def take(tx: Transaction, sent: Body) -> None:
    assign(tx, sent["mission"], tx.activity)


# ------------------------------------------------------------------------------------------------ items
def refuse_use(tx: Transaction, sent: Body) -> str | None:
    body = tx.game.get("item", sent["item"])
    if body is None or "use" not in body or not tx.member.items[sent["item"]]:
        return "item.not_usable"
    use = body["use"]
    if "repair" in use and not can_be_repaired(tx, use["repair"]):
        return "streak.nothing_to_repair"
    return "streak.freezes_full" if "freeze" in use and free_freezes(tx, use["freeze"]) <= 0 else None


def use_item(tx: Transaction, sent: Body) -> None:
    """Consume one of an item for what it does."""
    key, use = sent["item"], tx.game.all("item")[sent["item"]]["use"]
    tx.member.items[key] -= 1
    tx.changed.add(("item", key))
    tx.publish("gamification.item_used", item=key)
    if "boost" in use:
        running = max(tx.now, tx.member.boosts.get(use["boost"], tx.now))
        tx.member.boosts[use["boost"]] = running + duration(tx.game.all("boost")[use["boost"]]["lasts"])
        tx.publish("gamification.boost_started", boost=use["boost"])
    if "freeze" in use:
        act_freeze(tx, {"streak": use["freeze"]})
    if "repair" in use:
        repair(tx, use["repair"])
    if "pays" in use:
        pay(tx, Payment(use["pays"], "item", f"item/{key}", "EARN_RULE", sent))


# ------------------------------------------------------------------------------------------------ streaks
def free_freezes(tx: Transaction, key: str) -> int:
    return int(tx.game.all("streak")[key].get("freezes", 2)) - len(tx.member.streaks[key].freezes)


def refuse_freeze(tx: Transaction, sent: Body) -> str | None:
    return "streak.freezes_full" if free_freezes(tx, sent["streak"]) <= 0 else None


def act_freeze(tx: Transaction, sent: Body) -> None:
    tx.member.streaks[sent["streak"]].freezes.append(tx.now)


def refuse_repair(tx: Transaction, sent: Body) -> str | None:
    return None if can_be_repaired(tx, sent["streak"]) else "streak.nothing_to_repair"


def act_repair(tx: Transaction, sent: Body) -> None:
    repair(tx, sent["streak"])


def act_pause(tx: Transaction, sent: Body) -> None:
    """Pause a streak over dates of its own calendar, both of them in the pause."""
    first, last = (datetime.fromisoformat(sent[word]) for word in ("first", "last"))
    tx.member.streaks[sent["streak"]].pauses.append((first, last + DAY - DAY / 86_400))


# ------------------------------------------------------------------------------------------------ member and books
def act_zone(tx: Transaction, sent: Body) -> None:
    tx.member.calendar.moves.append((tx.now, ZoneInfo(sent["zone"])))


def act_vip(tx: Transaction, sent: Body) -> None:
    tx.member.vip_until = max(tx.now, tx.member.vip_until or tx.now) + duration(sent["lasts"])
    become(tx, "vip")


def act_grant(tx: Transaction, sent: Body) -> None:
    book(tx, sent["currency"], sent["amount"], Payment({}, "admin", "admin", TYPES["admin"]))


def refuse_spend(tx: Transaction, sent: Body) -> str | None:
    return LEDGER if tx.member.balance[sent["currency"]] < sent["amount"] else None


def act_spend(tx: Transaction, sent: Body) -> None:
    book(tx, sent["currency"], -sent["amount"], Payment({}, "admin", "admin", "SPEND_ADMIN"))


def refuse_badge(tx: Transaction, sent: Body) -> str | None:
    return "badge.already_held" if (sent["badge"], "") in tx.member.badges else None


def act_badge(tx: Transaction, sent: Body) -> None:
    pay(tx, Payment({"badges": [sent["badge"]]}, "admin", "admin", TYPES["admin"]))


def act_items(tx: Transaction, sent: Body) -> None:
    pay(tx, Payment({"items": {sent["item"]: sent["count"]}}, "admin", "admin", TYPES["admin"]))


def never(_tx: Transaction, _sent: Body) -> str | None:
    return None


MECHANICS: dict[str, tuple[Refuse, Act]] = {
    "daily.claim": (refuse_gift, give_gift),
    "reaction.added": (refuse_reaction, react),
    "reward.claim": (refuse_claim, act_claim),
    "mission.take": (refuse_take, take),
    "item.use": (refuse_use, use_item),
    "streak.freeze": (refuse_freeze, act_freeze),
    "streak.repair": (refuse_repair, act_repair),
    "streak.pause": (never, act_pause),
    "member.zone": (never, act_zone),
    "member.vip": (never, act_vip),
    "ledger.grant": (never, act_grant),
    "ledger.spend": (refuse_spend, act_spend),
    "badge.give": (refuse_badge, act_badge),
    "item.give": (never, act_items),
}
