"""Caps: what the operator may write."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from besitos.game.definition import Definition
from besitos.game.known import Checked
from besitos.game.lists import Limits, Sources
from besitos.game.problem import Finding
from besitos.game.section import Section
from besitos.game.units import YesNo


class Cap(Definition):
    """A limit over several sources together. A payment must pass every cap that names its source."""

    limit: Limits = Field(description="How often or how much they pay together, without `per` and `for all`.")
    sources: Sources = Field(description="Sources of rules, names of mechanics, or `all`.")
    net: YesNo = Field(False, description="Whether penalties of these sources give room back.")
    then: Annotated[
        Literal["cut", "report", "quarantine"],
        Field(description="What happens above it: not paid; paid and listed as an anomaly; held for review."),
    ] = "cut"


def check_cap(one: Checked[Cap]) -> Iterator[Finding]:
    """A cap counts one member's payments over its sources, which have no attributes in common."""
    cap = one.definition
    for number, limit in enumerate(cap.limit):
        if limit.per is not None:
            yield Finding(("limit", str(number)), "cap.per")
        if limit.shared:
            yield Finding(("limit", str(number)), "cap.for_all")
    if cap.net and any(limit.currency is None for limit in cap.limit):
        yield Finding(("net",), "cap.net_of_times")


CAPS_SECTION = Section("caps", "cap", Cap, check=check_cap)
