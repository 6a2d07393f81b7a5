"""Lint: what is in order and probably not meant. Findings, never errors; an operator may accept each with a reason."""

from besitos.game.lint.registry import LINTS, lint, look_over

__all__ = ["LINTS", "lint", "look_over"]
