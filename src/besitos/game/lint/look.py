"""What every lint is given: the game, and what was found out about it once for all of them."""

from dataclasses import dataclass
from functools import cached_property

from besitos.game.lint.having import Having
from besitos.game.lint.whole import Whole


@dataclass(frozen=True)
class Look:
    """A look over one game."""

    whole: Whole

    @cached_property
    def having(self) -> Having:
        """What members can come to have."""
        return Having(self.whole)
