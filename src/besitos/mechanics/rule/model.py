"""Rules: what the operator may write, and what we remember of units that are not yet paid."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pydantic import Field

from besitos.core.limit import Allowance
from besitos.core.state import Row, State
from besitos.game.asking import Asking
from besitos.game.condition import If
from besitos.game.definition import Definition
from besitos.game.filter import Filter, Where
from besitos.game.known import Checked
from besitos.game.lists import Kinds, Limits
from besitos.game.paying import Payable
from besitos.game.payout import Payout
from besitos.game.problem import Finding
from besitos.game.section import ALL, Section
from besitos.game.units import Duration, Key
from besitos.game.window import Window


class Carried(State, frozen=True):
    """What is left of a unit (3 of 5 minutes) until a member's next activity."""

    rest: Decimal = Decimal(0)


CARRIED = Row("carry", Carried)


class Rule(Definition):
    """Pay for an activity: *when* it happens, *where* its attributes are these, it *pays* this, within this *limit*."""

    when: Kinds = Field(description="Kinds of activity that it pays for.")
    where: Where = Field(Where(), description="What their attributes must be; all must hold.")
    requires: If = Field((), alias="if", description="Whom it pays; all lines must hold.")
    pays: Payout = Field(description="What it gives; less than nothing is a penalty.")
    limit: Limits = Field((), description="How often or how much it pays; all hold.")
    source: Key | None = Field(None, description="The name under which it is booked and capped; else its key.")
    quarantine: Duration | None = Field(None, description="How long a payment waits for review, then releases itself.")


def check_rule(one: Checked[Rule]) -> Iterator[Finding]:
    """The source of a rule is one source, not all of them."""
    if one.definition.source == ALL:
        yield Finding(("source",), "source.is_all")
    elif one.definition.source is None and one.key == ALL:
        yield Finding((), "source.is_all", at_key=True)


def _sources(rules: Mapping[str, Rule]) -> Iterable[str]:
    return [getattr(rule, "source", None) or key for key, rule in rules.items()]


RULES_SECTION = Section("rules", "rule", Rule, check=check_rule, sources=_sources, may_take=True)


@dataclass(frozen=True, slots=True)
class RuleAtWork:
    """A rule, compiled. `known` are the attributes it asks for that no activity carries itself.

    `is_hot` where all that it remembers is in the member's document: most rules, and they need no hints.
    """

    key: str
    topics: tuple[str, ...]
    filter: Filter
    asking: Asking
    known: frozenset[str]
    pays: Payable
    within: tuple[Allowance, ...]
    source: str
    window: Window
    quarantine_seconds: int
    is_hot: bool
