"""What is known of a member, and whether a condition holds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tests.oracle.reading import Body, Game, listed
from tests.oracle.state import Member, Mission, Point, Points
from tests.oracle.units import PERIODS, Number, duration, is_range, range_of

POSSESSIONS = ("badge", "item", "flag", "fragment", "mission", "reward", "content", "module", "grade", "member")
BESIDES = ("of", "in", "at", "quantity")
PERIOD_OF = {"daily": "day", "weekly": "week"}
DISTINCT_AT_MOST = 10_000


@dataclass(frozen=True)
class Unmet:
    """One line that does not hold: of an unmet group, each of its facts."""

    group: int
    fact: str
    have: Any
    need: str
    missing: Any


@dataclass(frozen=True)
class Asking:
    """Who is asked, when, at which values of `per`, and since when (of a mission)."""

    game: Game
    member: Member
    now: datetime
    values: Mapping[str, Any]
    mission: Mission | None = None

    def unmet(self, lines: object) -> list[Unmet]:
        """Every line that does not hold; nothing when the condition is met."""
        found: list[Unmet] = []
        group = 0
        for line in listed(lines):
            if "any" in line:
                group += 1
                tried = [self.lack(fact, group) for fact in line["any"]]
                found += [each for each in tried if each] if all(tried) else []
            elif lack := self.lack(line, 0):
                found.append(lack)
        return found

    def holds(self, lines: object) -> bool:
        return not self.unmet(lines)

    def lack(self, fact: Body, group: int) -> Unmet | None:
        if "not" in fact:
            inner = fact["not"]
            return None if self.lack(inner, group) else Unmet(group, f"not {heading(inner)}", True, "none", None)
        head = head_of(fact)
        if head in POSSESSIONS:
            return self._possession(head, fact, group)
        have, wanted = self.value(head, fact), range_of(fact[head])
        if have in wanted:
            return None
        return Unmet(group, head, have, fact[head], wanted.missing(have))

    def _possession(self, head: str, fact: Body, group: int) -> Unmet | None:
        if head == "item":
            need = fact.get("quantity", "1+")
            have, wanted = self.member.items[fact["item"]], range_of(need)
            return None if have in wanted else Unmet(group, heading(fact), have, need, wanted.missing(have))
        return None if self._has(head, str(fact[head])) else Unmet(group, heading(fact), False, "held", None)

    def _has(self, head: str, key: str) -> bool:
        member = self.member
        if head == "badge":
            return any(badge == key for badge, _ in member.badges)
        if head == "member":
            return member.type == key
        if head == "module":
            return member.modules.get(key) == "Completed"
        if head == "grade":
            grades = self.game.all("grade")
            return member.grade is not None and grades[member.grade]["min_xp"] >= grades[key]["min_xp"]
        return key in member.owned[head]

    def value(self, name: str, fact: Body) -> Number:
        """A metric now: built in or declared, whole, in a period, or within a mission.

        A mission that repeats asks what everybody may ask: what there is `in: day`, or `in: week`.
        """
        if self.mission is not None and self.mission.period is not None:
            return replace(self, mission=None).value(name, {**fact, "in": PERIOD_OF[self.mission.body["repeats"]]})
        of = fact.get("of")
        of_now = self._of_now(name, of)
        if of_now is not None:
            return of_now
        metric = self.game.get("metric", name)
        if metric is None:
            subject = of or ("besitos" if name in {"earned", "spent"} else "")
            return measure({"sum": "value"}, self._points(name, subject, fact.get("in")))
        at = fact.get("at", self.values.get(metric["per"], "")) if "per" in metric else ""
        if "in" in fact and self.mission is None and ("last" in metric or "distinct" in metric):
            return self._since(metric, self.member.points.get((name, str(at)), []), fact["in"])
        return measure(metric, self._points(name, str(at), fact.get("in")))

    def _of_now(self, name: str, of: str | None) -> int | None:
        """What there is at this moment, and no count of what happened."""
        member = self.member
        if name == "balance":
            return member.balance[of or "besitos"]
        if name == "level":
            return member.level
        if name == "member_for":
            return int((self.now - member.joined_at).total_seconds())
        if name in {"streak", "best_streak"}:
            streak = member.streaks[of or next(iter(self.game.all("streak")))]
            return streak.length if name == "streak" else streak.best
        return None

    def _points(self, name: str, subject: str, window: str | None) -> list[Point]:
        """The contributions that count: all, those of a period, those of the mission."""
        points: list[Point] = self.member.points.get((name, subject), Points())
        if self.mission is not None:
            begun, first = self.mission.measured_from, self.mission.first_activity
            is_declared = name in self.game.all("metric")
            return [each for each in points if each.activity >= first and (each.at >= begun or not is_declared)]
        if window is None:
            return points
        known = self._known(points, window)
        if window in PERIODS:
            period = self.game.calendar.period(window, self.now)
            return [each for each in known if self.game.calendar.period(window, each.at) == period]
        return [each for each in known if self._place(window, each.at) >= self._oldest(window, self.now)]

    def _known(self, points: list[Point], window: str) -> list[Point]:
        """What is still known of a window: whatever is counted forgets what is too old for it, late or not.

        Of a calendar period the present one and the one before are known, of a rolling one no more than it holds.
        """
        known: list[Point] = []
        for point in points:
            oldest = self._oldest(window, point.at)
            if window in PERIODS and window != "ever":
                oldest = self.game.calendar.preceding(window, oldest)
            known = [each for each in known if self._place(window, each.at) >= oldest] + [point]
        return known

    def _since(self, metric: Body, points: list[Point], window: str) -> Number:
        """The last value, if it is of the window or later; how many values were last seen in the window or later."""
        oldest = self._oldest(window, self.now)
        if "last" in metric:
            latest = max((each.at for each in points), default=None)
            return measure(metric, points) if latest is not None and self._place(window, latest) >= oldest else 0
        seen: dict[Any, datetime] = {}
        for each in points:
            seen[each.value] = max(each.at, seen.get(each.value, each.at))
        return sum(bool(self._place(window, at) >= oldest) for at in seen.values())

    def _place(self, window: str, at: datetime) -> Any:  # noqa: ANN401 - the name of a period or the number of a bucket
        calendar = self.game.calendar
        return calendar.period(window, at) if window in PERIODS else calendar.bucket(window, at)

    def _oldest(self, window: str, now: datetime) -> Any:  # noqa: ANN401 - as above
        return self._place(window, now if window in PERIODS else now - duration(window))


def measure(metric: Body, points: list[Point]) -> Number:
    """One number of many contributions, which stand in order of arrival, as the metric says."""
    values: list[Number] = points.values if isinstance(points, Points) else [each.value for each in points]
    if not values:
        return 0
    if "distinct" in metric:
        return min(len(set(values)), DISTINCT_AT_MOST)
    if "max" in metric:
        return max(values)
    if "last" in metric:
        latest = max(each.at for each in points)
        return [value for each, value in zip(points, values, strict=True) if each.at == latest][-1]
    return sum(values) if "sum" in metric else len(values)


def head_of(fact: Body) -> str:
    """The word that a fact is about."""
    return next(word for word in fact if word not in BESIDES)


def heading(fact: Body) -> str:
    head = head_of(fact)
    return f"{head} {fact[head]}" if head in POSSESSIONS else head


def wakes(game: Game, fact: Body) -> tuple[str, str | None]:
    """What must change for a fact to be read again; None as the second: at any value."""
    head = head_of(fact)
    if head in {"grade", "member"}:
        return head, None
    if head in POSSESSIONS:
        return head, str(fact[head])
    if head in {"balance", "earned", "spent"}:
        return head, fact.get("of", "besitos")
    if head in {"streak", "best_streak"}:
        return head, fact.get("of") or next(iter(game.all("streak")))
    return head, fact.get("at")


def passes(where: Body, attributes: Body) -> bool:
    """Whether a filter holds; what is absent fails every line."""
    return all(name in attributes and fits(attributes[name], wanted) for name, wanted in where.items())


def fits(value: object, wanted: object) -> bool:
    if isinstance(wanted, dict):
        return not any(fits(value, each) for each in listed(wanted["not"]))
    if isinstance(wanted, list):
        return any(fits(value, each) for each in wanted)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, str):
        return value == str(wanted)
    assert isinstance(value, Number)
    return value in range_of(str(wanted)) if is_range(wanted) else value == wanted
