"""Experiences: templates with forms, forms filled in, and the definitions that come of them (GAME-LANGUAGE §9)."""
