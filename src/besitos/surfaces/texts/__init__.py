"""Every text that a person reads, in Spanish and English, by the code under which the product speaks of it."""

from besitos.surfaces.texts.catalogue import LANGUAGES, codes_of
from besitos.surfaces.texts.texts import Texts

__all__ = ["LANGUAGES", "Texts", "codes_of"]
