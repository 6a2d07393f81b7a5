"""Windows: those that are over, and those that never meet the window of what they need."""

from collections.abc import Iterator

from besitos.game.lint.facts import Placed, lines_of, needed
from besitos.game.lint.look import Look
from besitos.game.lint.whole import One, Told
from besitos.game.problem import Path
from besitos.game.window import Window


def window_past(look: Look) -> Iterator[Told]:
    """The `until` of a definition is over: it does nothing any more, and may be deleted; who has it keeps it.

    Found: `until: 2026-11-01` on 20 November 2026. Fine: `until: 2026-12-01`.
    """
    calendar, now = look.whole.document.calendar, look.whole.now
    for one in look.whole.ones:
        if one.body.ends is None:
            continue
        closes = Window.of(one.body, calendar).closes
        if closes is not None and closes <= now:
            yield Told(one, ("until",), {"until": f"{one.body.ends:%Y-%m-%d %H:%M}"})


def never_opens(look: Look) -> Iterator[Told]:
    """A window that closes before what it needs opens, so that nothing ever happens in it.

    It asks for a mission, reward, module, badge or item that is there from a later moment only; its `where: {day: …}`
    lies outside of it; a post leads to what is over when it is published; an item starts a boost that is over before
    the item is sold.
    Found: a badge `until: 2026-12-10` with `if: {mission: m}`, where `m` is `from: 2026-12-20`. Fine: `m` from the 5th.
    """
    for condition in look.whole.conditions:
        one = condition.one
        if one.kind in {"template", "experience"} or condition.base or one.body.ends is None:
            continue
        for path, facts in lines_of(condition):
            after = [_opens_after(look, one, each) for each in facts]
            if all(after):
                yield Told(one, path, {"found": tuple(f"`{each.name}`" for each in after if each is not None)})
    for one in look.whole.ones:
        found = _days(one) or _post(look, one) or _boost(look, one)
        if found is not None:
            path, said = found
            yield Told(one, path, {"found": (said,)})


def _opens_after(look: Look, one: One, placed: Placed) -> One | None:
    """The definition that a fact asks for, if it is there only when this one is over."""
    thing = needed(placed)
    other = look.whole.all(thing[0]).get(thing[1]) if thing is not None else None
    if thing is None or other is None or other.body.starts is None or other.body.starts < one.body.ends:
        return None
    is_only_way = len(look.having.ways.get(thing, ())) == 1
    return other if is_only_way or thing[0] in {"mission", "reward", "module", "fragment"} else None


def _days(one: One) -> tuple[Path, str] | None:
    """A filter on days of which none is in the window."""
    match = (getattr(one.body, "where", None) or {}).get("day")
    starts, ends = one.body.starts, one.body.ends
    if match is None or match.is_negated or (starts is None and ends is None):
        return None
    days = [str(day) for day in match.values]
    is_out = all(
        (starts is not None and day < f"{starts:%Y-%m-%d}") or (ends is not None and day > f"{ends:%Y-%m-%d}")
        for day in days
    )
    return (("where", "day"), f"`day: {', '.join(days)}`") if is_out else None


def _post(look: Look, one: One) -> tuple[Path, str] | None:
    """A post that leads to what is over."""
    if one.kind != "post" or one.body.publish is None:
        return None
    for word in ("mission", "fragment", "question"):
        key = getattr(one.body, word)
        other = look.whole.all(word).get(key) if key is not None else None
        if other is not None and other.body.ends is not None and other.body.ends <= one.body.publish:
            return (word,), f"`{other.name}`"
    return None


def _boost(look: Look, one: One) -> tuple[Path, str] | None:
    """An item that starts what is over."""
    if one.kind != "item" or one.body.use is None or one.body.use.boost is None or one.body.starts is None:
        return None
    boost = look.whole.all("boost").get(one.body.use.boost)
    if boost is None or boost.body.ends is None or boost.body.ends > one.body.starts:
        return None
    return ("use", "boost"), f"`{boost.name}`"
