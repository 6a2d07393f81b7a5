"""Grades: what the operator may write."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from pydantic import Field

from besitos.game.definition import Named
from besitos.game.section import Section
from besitos.game.units import Address, Count
from besitos.game.words import Audience

Access: TypeAlias = Literal["All", "Free", "Paid"]
"""How the API calls for whom a grade is."""

ACCESS: Mapping[Audience, Access] = {"all": "All", "free": "Free", "vip": "Paid"}


class Grade(Named):
    """A standing in the community. A member has the highest whose XP they have earned and that is for their type."""

    min_xp: Count = Field(description="The XP that it takes.")
    audience: Audience = Field("all", alias="for", description="For whom it is.")
    animation: Address | None = Field(None, description="What is shown when it is reached.")


GRADES_SECTION = Section("grades", "grade", Grade)
