"""One activity, in the order that the language fixes, and the rounds of what it published."""

from collections.abc import Callable

from tests.oracle.asking import Asking, passes
from tests.oracle.awarding import read_all
from tests.oracle.counting import counters
from tests.oracle.following import follow
from tests.oracle.paying import Payment, pay, refusal
from tests.oracle.reading import Body
from tests.oracle.state import ROUNDS, Happening, Transaction

COUNTED = {
    "gamification.item_purchased": "purchases",
    "gamification.gift_sent": "gifts_sent",
    "gamification.gift_received": "gifts_received",
    "gamification.auction_won": "auctions_won",
    "gamification.trivia_answered": "trivia_answers",
    "narrative.fragment_completed": "fragments_completed",
}


def go_round(tx: Transaction) -> None:
    """Let everything that was published go through the rounds; what is too deep wakes nothing."""
    while tx.queue:
        tx.round, happening = tx.queue.popleft()
        if tx.round > ROUNDS:
            tx.explain(happening.kind, "rounds.too_deep")
            continue
        happen(tx, happening, lambda: None)


def happen(tx: Transaction, happening: Happening, act: Callable[[], None]) -> None:
    """Steps 4 to 8: things, metrics, the mechanic and the rules, what follows, what is read."""
    seen = Happening(happening.kind, remember(tx, happening))
    begin_modules(tx, seen)
    count_built_in(tx, seen)
    for key, body in tx.game.all("metric").items():
        if seen.kind in body["when"]:
            measure_one(tx, key, body, seen.attributes)
    act()
    for key, body in tx.game.all("rule").items():
        if seen.kind in body["when"]:
            apply(tx, key, body, seen.attributes)
    follow(tx, seen)
    read_all(tx)


def remember(tx: Transaction, happening: Happening) -> Body:
    """What was sent, what is known of every activity, and what the things it names keep."""
    calendar, clock = tx.game.calendar, tx.game.calendar.clock(tx.now)
    day = calendar.day(tx.now)
    known: Body = {
        **happening.attributes,
        "day": day.isoformat(),
        "hour": clock.hour,
        "weekday": ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()],
        "member_type": tx.member.type,
    }
    for name, thing in tx.game.all("thing").items():
        if name not in happening.attributes:
            continue
        which = (name, str(known[name]))
        if happening.kind in thing["begins"] and which not in tx.world.things:
            kept = [*thing.get("keeps", []), "day"]
            tx.world.things[which] = {word: known[word] for word in kept if word in known}
        known |= {f"{name}.{word}": each for word, each in tx.world.things.get(which, {}).items()}
    return known


def begin_modules(tx: Transaction, happening: Happening) -> None:
    module = str(happening.attributes.get("module", ""))
    if module in tx.game.all("module") and module not in tx.member.modules:
        tx.member.modules[module] = "InProgress"


def count_built_in(tx: Transaction, happening: Happening) -> None:
    """Count what the mechanics outside this model did, known by their events."""
    if word := COUNTED.get(happening.kind):
        tx.count(word)
    if happening.kind == "gamification.trivia_answered" and happening.attributes.get("right"):
        tx.count("trivia_right")
    if happening.kind == "narrative.fragment_completed":
        tx.member.owned["fragment"].add(happening.attributes["fragment"])
        tx.changed.add(("fragment", happening.attributes["fragment"]))


def measure_one(tx: Transaction, key: str, body: Body, attributes: Body) -> None:
    taken = body.get("sum") or body.get("max") or body.get("last") or body.get("distinct")
    per = body.get("per")
    if not passes(body.get("where", {}), attributes) or any(word not in attributes for word in (taken, per) if word):
        return
    subject = str(attributes[per]) if per else ""
    tx.count(key, subject, attributes[taken] if taken else 1)


def apply(tx: Transaction, key: str, body: Body, attributes: Body) -> None:
    """A rule pays, or says why not. What an earlier one has made of the member it sees, in `where` as in `if`."""
    cause = f"rule/{key}"
    attributes = {**attributes, "member_type": tx.member.type}
    if not tx.game.is_in_play(body, tx.now) or not passes(body.get("where", {}), attributes):
        return
    if not Asking(tx.game, tx.member, tx.now, attributes).holds(body.get("if")):
        tx.explain(cause, "condition.unmet")
        return
    limits = counters(tx, "rule", key, body)
    payment = Payment(
        body["pays"], body.get("source", key), cause, "EARN_RULE", attributes, limits, body.get("quarantine")
    )
    times = [each for each in limits if each.limit.currency is None]
    refused = next((reason for each in times if (reason := refusal(tx, each, payment))), None)
    if refused is None and any(each.slot(tx, attributes) is None for each in limits):
        refused = "limit.no_value"
    if refused is not None:
        tx.explain(cause, refused)
        return
    if pay(tx, payment):
        for counter in times:
            counter.use(tx, attributes, 1)
