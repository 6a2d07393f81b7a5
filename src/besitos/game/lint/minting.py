"""Payments that never end: those that bring themselves about, and those that members can bring about at will."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, localcontext

from besitos.core.account import BESITOS, XP
from besitos.core.activity import Scalar
from besitos.core.payout import BONUS
from besitos.game.condition import NUMBERS
from besitos.game.lint.bounds import is_capped, is_limited
from besitos.game.lint.facts import lines_of
from besitos.game.lint.happening import is_at_will, may_hold
from besitos.game.lint.having import Thing, circles_of
from besitos.game.lint.look import Look
from besitos.game.lint.whole import Condition, One, Payment, Told, Whole, amounts_of
from besitos.game.problem import Value

EARNED, XP_EARNED = "gamification.besitos_earned", "gamification.xp_earned"
EXPIRED, TYPE_CHANGED = "gamification.besitos_expired", "admin.member_type_changed"
ANSWERED = "gamification.trivia_answered"
USED, BOOSTED = "gamification.item_used", "gamification.boost_started"

TOPIC = "topic"
KNOWN = frozenset(("source", "currency", "item", "boost", "became", "before"))
"""What is known beforehand of what a payment publishes."""

MOST_HEARD = 1_000_000
"""So many times a filter is compared; thousands of rules with filters on thousands of payments no game has."""

MOST_NAMED = 20
"""So many definitions of a round are named."""

Topic = tuple[str, Mapping[str, Scalar]]
"""What a payment publishes, with what is known of it."""


def mints_without_limit(look: Look) -> Iterator[Told]:
    """A rule, or trivia, pays money for what members can do as often as they like, and nothing bounds it.

    What an application sends under kinds of its own nobody here can count, so it is taken to come without end.
    Money is what can be spent, a bonus, and VIP time. It is bounded by a limit of the rule (times, or an amount of
    the same currency), by a cap over its source that holds back, and by a condition that ends: `mensajes: ..10`.
    Found: `{when: message.posted, pays: {besitos: 1}}`. Fine: the same with `limit: 20/day`, or paying XP only.
    """
    whole, told = look.whole, set[One]()
    for payment in whole.payments:
        kinds = [kind for kind in _paid_for(whole, payment) if is_at_will(whole, kind)]
        words = [
            word
            for word in payment.words
            if (word in whole.spendable or word in {BONUS, "vip"}) and not _is_bounded(look, payment, word)
        ]
        if kinds and words and payment.one not in told:
            told.add(payment.one)
            values: dict[str, Value] = {"found": tuple(f"`{word}`" for word in words), "kind": kinds[0]}
            yield Told(payment.one, (*payment.path, words[0]), values)


def _paid_for(whole: Whole, payment: Payment) -> Iterable[str]:
    """The kinds of what members do for a payment of a rule or of trivia."""
    if payment.one.kind == "rule":
        return tuple(payment.one.body.when)
    return (ANSWERED,) if payment.one.kind == "trivia" and whole.has("question") else ()


def reward_loop(look: Look) -> Iterator[Told]:
    """What is paid brings about another payment of the same, round and round, and nothing bounds any of them.

    A rule hears of what it pays itself, or of what another pays that hears of it; using an item gives the item, or one
    that gives it; VIP time is given anew whenever it ends; reaching a level pays for the next one. A limit, a cap or a
    condition that ends breaks the round, and so does what is given once: badges, missions, levels, fragments.
    Found: `{when: gamification.besitos_earned, pays: {besitos: 1}}`. Fine: the same `where: {source: daily_gift}`.
    """
    whole, arrows = look.whole, dict[Thing, tuple[Thing, ...]]()
    listening = _Listening(look)
    for kind, rules in listening.to_all.items():
        arrows[TOPIC, kind] = tuple(("rule", rule.key) for rule in rules)
    for item in whole.all("item").values():
        if item.body.use is not None and not item.is_out:
            arrows["item", item.key] = tuple(listening.hear(_uses(item)))
    for payment in whole.payments:
        if payment.one.kind in {"rule", "item"}:
            node = (payment.one.kind, payment.one.key)
            found = dict.fromkeys(_brings_about(look, payment, listening))
            arrows[node] = (*arrows.get(node, ()), *found)
    for each in circles_of(arrows):
        ring = sorted(thing for thing in each if thing[0] != TOPIC)
        first = whole.all(ring[0][0])[ring[0][1]]
        names = tuple(f"`{whole.all(kind)[key].name}`" for kind, key in ring)
        path = ("use",) if first.kind == "item" else ("pays",)
        yield Told(first, path, {"found": names[:MOST_NAMED]})
    yield from _levels(whole)


def _brings_about(look: Look, payment: Payment, listening: "_Listening") -> Iterator[Thing]:
    whole = look.whole
    endless = (word for word in payment.words if not _is_bounded(look, payment, word))
    yield from listening.hear(topic for word in endless for topic in _published(payment, word))
    if not _is_bounded(look, payment, ""):
        for item in payment.payout.items:
            if (made := whole.all("item").get(item)) is not None and made.body.use is not None:
                yield "item", str(item)


class _Listening:
    """Which rules hear of what: those that hear of every topic of a kind share one node, so that arrows stay few."""

    def __init__(self, look: Look) -> None:
        self.to_all: dict[str, list[One]] = {}
        self._to_some: dict[str, list[One]] = {}
        self._left = MOST_HEARD
        for payment in look.whole.payments:
            rule = payment.one
            if rule.kind != "rule" or not _goes_on(look, payment):
                continue
            rules = self._to_some if KNOWN & rule.body.where.keys() else self.to_all
            for kind in rule.body.when:
                rules.setdefault(kind, []).append(rule)

    def hear(self, topics: Iterable[Topic]) -> Iterator[Thing]:
        """Who hears of these."""
        for kind, known in topics:
            if kind in self.to_all:
                yield TOPIC, kind
            self._left -= len(self._to_some.get(kind, ()))
            for rule in self._to_some.get(kind, ()) if self._left > 0 else ():
                if may_hold(rule.body.where, known):
                    yield "rule", rule.key


def _goes_on(look: Look, payment: Payment) -> bool:
    """Whether anything is paid that nothing bounds: what pays so much and no more ends every round."""
    if payment.payout.items and not _is_bounded(look, payment, ""):
        return True
    return any(not _is_bounded(look, payment, word) for word in payment.words)


def _uses(item: One) -> Iterator[Topic]:
    yield USED, {"item": item.key}
    if item.body.use.boost is not None:
        yield BOOSTED, {"boost": str(item.body.use.boost)}


def _published(payment: Payment, word: str) -> Iterator[Topic]:
    if word == "vip":
        yield TYPE_CHANGED, {"became": "free", "before": "vip"}
        return
    if word == XP:
        yield XP_EARNED, {"source": payment.source}
        return
    yield EARNED, {"source": payment.source, "currency": BESITOS if word == BONUS else word}
    if word == BONUS:
        yield EXPIRED, {"currency": BESITOS}


def _levels(whole: Whole) -> Iterator[Told]:
    """Reaching one level pays for the next one at once."""
    one = whole.all("levels").get("levels")
    if one is None:
        return
    takes, currency = _takes(one), str(one.body.currency)
    paid: dict[str, int] = {}
    for payment, amount in amounts_of((each for each in whole.payments if each.one is one), currency):
        word = payment.path[1] if payment.path[0] == "steps" else ""
        paid[word] = paid.get(word, 0) + max(share.number for share in amount.shares)
    for number, after in zip(takes, list(takes)[1:], strict=False):
        if number > 1 and paid.get("", 0) + paid.get(str(number), 0) >= takes[after] - takes[number]:
            path = ("steps", str(number), "pays") if str(number) in paid else ("pays",)
            yield Told(one, path, {"found": (f"`levels` {number}", f"`levels` {after}")})
            return


def _takes(one: One) -> Mapping[int, int]:
    """What each level takes, near enough: of a curve that grows the digits beyond the thirtieth do not matter."""
    curve, top = one.body.curve, one.body.top
    if curve.table:
        return {number: step.at or 0 for number, step in sorted(one.body.steps.items())}
    if curve.linear is not None:
        return {number: curve.linear * (number - 1) for number in range(1, top + 1)}
    found, takes = {1: 0}, Decimal(curve.exponential.base)
    with localcontext() as context:
        context.prec = 30
        for number in range(2, top + 1):
            found[number] = int(takes)
            takes *= curve.exponential.growth
    return found


def _is_bounded(look: Look, payment: Payment, word: str) -> bool:
    """Whether anything stops a payment from paying a word again and again; no word: from being paid at all."""
    return is_limited(payment, word) or _ends(look.whole, payment) or is_capped(look.whole, payment, word)


def _ends(whole: Whole, payment: Payment) -> bool:
    """Whether the condition of a rule stops holding by what it pays, or by what it counts going on."""
    return any(_line_ends(payment, condition) for condition in whole.asked_by(payment.one))


def _line_ends(payment: Payment, condition: Condition) -> bool:
    for _, facts in lines_of(condition):
        if len(facts) > 1:
            continue
        fact = facts[0].fact
        if facts[0].is_not and fact.possession is not None and fact.possession in _gives(payment):
            return True
        if fact.metric is not None:
            name, wanted = fact.metric
            is_growing = name not in NUMBERS or not NUMBERS[name].is_of_now or name == "member_for"
            end = wanted.low if facts[0].is_not else wanted.high
            if is_growing and end is not None:
                return True
    return False


def _gives(payment: Payment) -> frozenset[tuple[str, str]]:
    payout = payment.payout
    named = (("badge", payout.badges), ("content", payout.content), ("flag", payout.flags), ("item", payout.items))
    return frozenset((kind, str(key)) for kind, keys in named for key in keys)
