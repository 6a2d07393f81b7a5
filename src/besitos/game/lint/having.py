"""What members can come to have at all: badges, items, flags, fragments and the rest, each by some way that is open.

A way is open when all that it asks for can be had; what has an open way can be had. Ways are followed from what asks
for nothing until nothing new is found, so whatever needs itself is left over, and all that depends on it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from besitos.game.condition import Line
from besitos.game.lint.facts import is_impossible, lines_of, needed
from besitos.game.lint.whole import Condition, One, Payment, Whole

Thing = tuple[str, str]
"""Kind and key of what can be had: `("badge", "amiga")`."""

Clause = frozenset[Thing]
"""Alternatives: one of them must be had."""


@dataclass(frozen=True)
class Way:
    """One way to have something. All clauses must hold; an empty one never does."""

    to: Thing
    clauses: tuple[Clause, ...] = ()


def clauses_of(whole: Whole, condition: Condition) -> tuple[Clause, ...]:
    """What a condition asks members to have; lines that anybody can come to meet are left out."""
    found = []
    for _, facts in lines_of(condition):
        names = [needed(each) for each in facts if not is_impossible(whole, condition, each)]
        if all(name is not None for name in names):
            found.append(frozenset(name for name in names if name is not None))
    return tuple(found)


class Having:
    """What can be had in a game, and what is in the way of the rest."""

    def __init__(self, whole: Whole) -> None:
        self._whole = whole
        self.ways: dict[Thing, list[Way]] = {}
        for way in self._all_ways():
            self.ways.setdefault(way.to, []).append(way)

    @cached_property
    def had(self) -> frozenset[Thing]:
        """All that somebody can come to have."""
        waiting: dict[Thing, list[Way]] = {}
        for ways in self.ways.values():
            for way in ways:
                for thing in {thing for clause in way.clauses for thing in clause}:
                    waiting.setdefault(thing, []).append(way)
        found: set[Thing] = set()
        queue = [way for ways in self.ways.values() for way in ways]
        while queue:
            way = queue.pop()
            if way.to not in found and all(clause & found for clause in way.clauses):
                found.add(way.to)
                queue += waiting.get(way.to, ())
        return frozenset(found)

    def lacks(self, thing: Thing) -> bool:
        """Whether nobody can ever have it."""
        return thing not in self.had

    def needs(self, thing: Thing) -> Iterator[Thing]:
        """What stands in the way of something that nobody can have: what it asks for and nobody can have either."""
        for way in self.ways.get(thing, ()):
            for clause in way.clauses:
                if not clause & self.had:
                    yield from sorted(clause)

    @cached_property
    def circles(self) -> tuple[tuple[Thing, ...], ...]:
        """Things that nobody can have because each needs another of them, or itself."""
        lacking = {to: tuple(self.needs(to)) for to in self.ways if self.lacks(to)}
        return circles_of(lacking)

    def _all_ways(self) -> Iterator[Way]:
        whole = self._whole
        for payment in whole.payments:
            gates = self._gates(payment)
            for kind, keys in _given(payment):
                yield from (Way((kind, str(key)), gates) for key in keys)
        for kind in ("badge", "mission", "reward", "module"):
            for one in whole.all(kind).values():
                words = ("completed_if",) if kind == "module" else ()
                yield from _earned(one, self._asked(one, *words))
        for item in whole.all("item").values():
            if item.body.price is not None:
                yield Way(("item", item.key), self._asked(item, "if"))
            yield from (Way(("content", str(key)), (frozenset({("item", item.key)}),)) for key in item.body.content)
        for auction in whole.all("auction").values():
            yield Way(("item", str(auction.body.item)), self._asked(auction))
        yield from self._fragments()

    def _fragments(self) -> Iterator[Way]:
        whole = self._whole
        gates = {one.key: self._entry(one) for one in whole.all("fragment").values()}
        for story in whole.all("story").values():
            yield Way(("fragment", str(story.body.begins)), gates.get(story.body.begins, ()))
        for post in whole.all("post").values():
            if post.body.fragment is not None:
                yield Way(("fragment", str(post.body.fragment)), gates.get(post.body.fragment, ()))
        for item in whole.all("item").values():
            if item.body.use is not None and item.body.use.reveal is not None:
                yield Way(("fragment", str(item.body.use.reveal)), (frozenset({("item", item.key)}),))
        for one in whole.all("fragment").values():
            here = frozenset({("fragment", one.key)})
            for number, decision in enumerate(one.body.decisions):
                chosen = () if decision.or_pay is not None else self._lines(one, ("decisions", str(number)))
                yield Way(("fragment", str(decision.next)), (here, *chosen, *gates.get(decision.next, ())))
            for after in (one.body.next, one.body.otherwise):
                if after is not None:
                    yield Way(("fragment", str(after)), (here, *gates.get(after, ())))

    def _entry(self, one: One) -> tuple[Clause, ...]:
        """What it takes to enter a fragment: its own condition, unless one may pay, and that of its level."""
        story = self._whole.all("story").get(one.body.story)
        level = self._lines(story, ("levels", str(one.body.level))) if story is not None else ()
        return (*level, *(() if one.body.or_pay is not None else self._lines(one, ())))

    def _gates(self, payment: Payment) -> tuple[Clause, ...]:
        """What must be had before something is paid."""
        one, whole = payment.one, self._whole
        if one.kind in {"badge", "mission", "reward", "module", "item", "fragment"}:
            owner = frozenset({(one.kind, one.key)})
            inner = self._lines(one, payment.path[:2]) if payment.path[0] == "decisions" else ()
            if inner and one.body.decisions[int(payment.path[1])].or_pay is not None:
                inner = ()
            return (owner, *inner)
        if one.kind == "story":
            level = payment.path[1] if len(payment.path) > 1 else ""
            inside = frozenset(
                ("fragment", key)
                for key, each in whole.all("fragment").items()
                if each.body.story == one.key and str(each.body.level) == level
            )
            return (inside, *self._lines(one, payment.path[:2]))
        if one.kind == "question" and one.body.after is not None:
            return (frozenset({("fragment", str(one.body.after))}),)
        return self._asked(one)

    def _asked(self, one: One, *words: str) -> tuple[Clause, ...]:
        """What a definition asks for at its top."""
        return tuple(
            clause
            for condition in self._whole.asked_by(one)
            if not condition.base and (not words or condition.word in words)
            for clause in clauses_of(self._whole, condition)
        )

    def _lines(self, one: One, base: tuple[str, ...]) -> tuple[Clause, ...]:
        """What a part of a definition asks for."""
        return tuple(
            clause
            for condition in self._whole.asked_by(one)
            if condition.base == base
            for clause in clauses_of(self._whole, condition)
        )


def _given(payment: Payment) -> Iterator[tuple[str, Iterable[str]]]:
    payout = payment.payout
    yield from (("badge", payout.badges), ("content", payout.content), ("flag", payout.flags), ("item", payout.items))


def _earned(one: One, clauses: tuple[Clause, ...]) -> Iterator[Way]:
    """A special badge is only given, and a module that says nothing of its completion is never completed."""
    body: Any = one.body
    lines: tuple[Line, ...] = getattr(body, "completed_if", ())
    if one.kind == "module":
        if lines:
            yield Way((one.kind, one.key), clauses)
    elif one.kind != "badge" or body.kind != "special":
        yield Way((one.kind, one.key), clauses)


def circles_of(arrows: Mapping[Thing, Iterable[Thing]]) -> tuple[tuple[Thing, ...], ...]:
    """The rounds of a graph: nodes that lead to one another, or to themselves. After Tarjan, without recursion."""
    index: dict[Thing, int] = {}
    low: dict[Thing, int] = {}
    stack: list[Thing] = []
    on_stack: set[Thing] = set()
    found: list[tuple[Thing, ...]] = []
    for root in arrows:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        work = [(root, iter(arrows[root]))]
        while work:
            node, after = work[-1]
            other = next((each for each in after if each in arrows and (each not in index or each in on_stack)), None)
            if other is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found.append(_popped(stack, on_stack, node))
            elif other not in index:
                index[other] = low[other] = len(index)
                stack.append(other)
                on_stack.add(other)
                work.append((other, iter(arrows[other])))
            else:
                low[node] = min(low[node], index[other])
    return tuple(each for each in found if len(each) > 1 or each[0] in arrows[each[0]])


def _popped(stack: list[Thing], on_stack: set[Thing], node: Thing) -> tuple[Thing, ...]:
    found = [stack.pop()]
    while found[-1] != node:
        found.append(stack.pop())
    on_stack.difference_update(found)
    return tuple(reversed(found))
