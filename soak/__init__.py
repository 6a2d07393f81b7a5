"""Soak: what the house promises about crashes, races and lost answers, tried for hours instead of once."""
