"""Small words that several sections share: icons, rarities, for whom something is."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from besitos.game.units import line

Icon: TypeAlias = Annotated[str, BeforeValidator(line), Field(min_length=1, max_length=16)]
"""One sign, most often an emoji."""

Rarity: TypeAlias = Literal["common", "rare", "epic", "legendary"]
Audience: TypeAlias = Literal["all", "free", "vip"]
"""For whom: everybody, or members of one type."""

Chat: TypeAlias = Annotated[int, Field(strict=True, ge=-(2**63), le=2**63 - 1)]
"""The number of a chat in Telegram."""
