"""Composition roots: where settings, stores, mechanics and front ends meet."""
