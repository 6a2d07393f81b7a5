"""What nobody can ever reach: things that need themselves, fragments and missions."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from besitos.game.lint.facts import is_impossible, lines_of
from besitos.game.lint.having import Thing, circles_of
from besitos.game.lint.look import Look
from besitos.game.lint.never import dead_ends
from besitos.game.lint.whole import One, Told, Whole


def needs_itself(look: Look) -> Iterator[Told]:
    """Something can only be had by who has it already, by itself or round several others.

    Told once for each round, at the first definition of it. Fragments alone are told as unreachable.
    Found: badge `a` with `if: {reward: b}`, where only reward `b` with `if: {badge: a}` leads to it. Fine: the same
    where something else gives badge `a` too.
    """
    for ring in look.having.circles:
        named = _definitions(look.whole, ring)
        if any(one.kind != "fragment" for one in named):
            first = next(one for one in named if one.kind != "fragment")
            yield Told(first, (), {"found": tuple(f"`{one.name}`" for one in named)}, at_key=True)


def unreachable_mission(look: Look) -> Iterator[Told]:
    """A mission that nobody can complete.

    It asks for what nobody can come to have because something else is in the way, or for more than there can be
    between its beginning and its end. What its own lines rule out is told there.
    Found: `repeats: daily, goals: {daily_gifts: 3+}`; `goals: {mission: a}` where `a` cannot be completed. Fine:
    `repeats: weekly, goals: {daily_gifts: 3+}`.
    """
    whole, having = look.whole, look.having
    round_about = {thing for ring in having.circles for thing in ring}
    for one in whole.all("mission").values():
        thing = ("mission", one.key)
        if (goals := tuple(_beyond(look, one))) and not one.is_out:
            yield from (Told(one, path, {"found": (said,)}) for path, said in goals)
        elif having.lacks(thing) and thing not in round_about and not any(dead_ends(look, one)):
            needed = tuple(f"`{kind}: {key}`" for kind, key in dict.fromkeys(having.needs(thing)))
            yield Told(one, (), {"found": needed}, at_key=True)


def _beyond(look: Look, one: One) -> Iterator[tuple[tuple[str, ...], str]]:
    """Goals that ask for more than there can be within the mission."""
    for condition in look.whole.asked_by(one):
        if condition.word == "goals":
            for path, facts in lines_of(condition):
                if all(is_impossible(look.whole, condition, each) for each in facts):
                    yield path, str(facts[0])


def unreachable_fragment(look: Look) -> Iterator[Told]:
    """A fragment that no reader can come to.

    Readers come by the beginning of a story, by decisions and what follows, by a post, and by an item that reveals it;
    each on condition of what they can have, unless they may pay instead. Of a chain that nobody can come to the first
    is told. What its own `if` rules out is told there.
    Found: a fragment that no `next` names. Fine: one that only an item with `use: {reveal: …}` opens.
    """
    whole, having = look.whole, look.having
    lost = {("fragment", key): one for key, one in whole.all("fragment").items() if having.lacks(("fragment", key))}
    before = {thing: tuple(each for each in having.needs(thing) if each in lost) for thing in lost}
    begins = {("fragment", str(story.body.begins)) for story in whole.all("story").values()}
    closed = (ring for ring in circles_of(before) if all(set(before[each]) <= set(ring) for each in ring))
    heads = {min(ring, key=lambda each: (each not in begins, each)) for ring in closed}
    rings = (ring for ring in having.circles if any(one.kind != "fragment" for one in _definitions(whole, ring)))
    told = {thing for ring in rings for thing in ring}
    for thing, one in lost.items():
        is_first = thing in heads or _is_shut(look, thing, lost.keys())
        if not is_first or thing in told or any(path[0] == "if" for path, _ in dead_ends(look, one)):
            continue
        story = whole.all("story").get(one.body.story)
        yield Told(one, (), {"begins": str(story.body.begins) if story is not None else ""}, at_key=True)


def _is_shut(look: Look, thing: Thing, lost: AbstractSet[Thing]) -> bool:
    """Whether nothing leads to a fragment, or something does and what it takes cannot be had."""
    having = look.having
    blocked = [[clause for clause in way.clauses if not clause & having.had] for way in having.ways.get(thing, ())]
    return not blocked or any(not any(clause and clause <= lost for clause in clauses) for clauses in blocked)


def _definitions(whole: Whole, ring: Iterable[Thing]) -> list[One]:
    """The definitions of a round, without the flags, which are none."""
    found = [one for kind, key in sorted(ring) if (one := whole.all(kind).get(key)) is not None]
    return sorted(found, key=lambda one: one.path)
