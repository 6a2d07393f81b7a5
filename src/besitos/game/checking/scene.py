"""The scene of a definition: what happens where it is at work, and what may stand there."""

from dataclasses import dataclass

from besitos.game.definition import Definition
from besitos.game.known import Known, Shared
from besitos.game.section import Section


@dataclass(frozen=True)
class Written:
    """One definition in its place. `is_whole` is off where only the parts that are right are left of it."""

    section: Section
    key: str
    definition: Definition
    is_whole: bool = True


@dataclass(frozen=True)
class Scene:
    """What a value can be read against.

    `attributes` are those that every kind of `when` has, None where nobody can say; `is_empty` where nothing
    happens that has any. `per` is the attribute at one value of which the definition is read.
    """

    known: Known
    section: Section
    is_whole: bool
    attributes: Shared | None = None
    is_empty: bool = False
    per: str | None = None

    @classmethod
    def of(cls, one: Written, known: Known) -> "Scene":
        """The scene of one definition."""
        words = type(one.definition).model_fields
        per = getattr(one.definition, "per", None) if "when" not in words else None
        if "when" not in words:
            return cls(known, one.section, one.is_whole, is_empty=True, per=per)
        kinds = getattr(one.definition, "when", None) or ()
        return cls(known, one.section, one.is_whole, known.shared(kinds))

    def misses(self, name: str) -> bool:
        """Whether it is certain that activities here have no such attribute; what is wrong may yet be a thing."""
        thing = name.partition(".")[0] if "." in name else ""
        if self.attributes is None or name in self.attributes.types or self.known.is_broken:
            return False
        return not thing or ("thing", thing) not in self.known.failed
