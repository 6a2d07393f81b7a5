"""Besitos: a self-hosted engagement economy for communities."""

__version__ = "0.1.0"
