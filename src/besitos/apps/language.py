"""Which language a terminal is spoken to in."""

from collections.abc import Mapping

from besitos.surfaces.texts import LANGUAGES


def language_of(environ: Mapping[str, str]) -> str:
    """`BESITOS_LANGUAGE` if it is set, else that of the machine (`LC_ALL`, `LC_MESSAGES`, `LANG`), else Spanish."""
    for name in ("BESITOS_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "").lower()
        if value:
            return value[:2] if value[:2] in LANGUAGES else LANGUAGES[0]
    return LANGUAGES[0]
