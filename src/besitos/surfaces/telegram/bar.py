"""Bars: how far something is, in little blocks."""

from fractions import Fraction

CELLS = 6


def bar(part: Fraction, cells: int = CELLS) -> str:
    """`▰▰▰▱▱▱` for a half. Only what is done is full: the last block waits for it."""
    full = cells if part >= 1 else max(0, min(cells - 1, int(part * cells)))
    return "▰" * full + "▱" * (cells - full)
