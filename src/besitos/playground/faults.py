"""Bad days on demand: which calls go wrong, how, and how often."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from besitos.playground.refusals import Refused


@dataclass(frozen=True)
class Delay:
    """The call takes this much longer, and then goes its way."""

    seconds: float


@dataclass(frozen=True)
class DropAnswer:
    """The call has its effect, and the connection breaks before the bot hears of it."""


@dataclass(frozen=True)
class Refuse:
    """The call has no effect and gets this refusal."""

    refusal: Refused


Effect = Delay | DropAnswer | Refuse


@dataclass
class Fault:
    """A rule: of the calls that match, every n-th goes wrong, at most so many times.

    No method named means all of them, getUpdates too; the method may be written in any case.
    """

    then: Effect
    method: str | None = None
    chat_id: int | None = None
    every: int = 1
    times: int | None = None
    name: str = ""
    seen: int = field(default=0, init=False)
    fired: int = field(default=0, init=False)

    def matches(self, method: str, chat_id: int | None) -> bool:
        """Whether the rule is about this call."""
        is_method = self.method is None or self.method.lower() == method.lower()
        return is_method and self.chat_id in (None, chat_id)

    def fires(self) -> bool:
        """Count a matching call, and say whether it is one that goes wrong."""
        self.seen += 1
        if self.seen % self.every or (self.times is not None and self.fired >= self.times):
            return False
        self.fired += 1
        return True

    def __str__(self) -> str:
        return self.name or str(self.then.refusal if isinstance(self.then, Refuse) else self.then)


class Faults:
    """The rules in force. Each counts every call that it matches; of those that fire, the first decides."""

    def __init__(self, rules: Iterable[Fault] = ()) -> None:
        self.rules = list(rules)

    def add(self, *rules: Fault) -> None:
        """More rules, after those that stand."""
        self.rules.extend(rules)

    def clear(self) -> None:
        """Good weather from now on."""
        self.rules.clear()

    def strike(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that befalls this call."""
        firing = [rule for rule in self.rules if rule.matches(method, chat_id) and rule.fires()]
        return firing[0] if firing else None
