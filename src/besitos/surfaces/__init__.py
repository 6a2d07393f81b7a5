"""Toolkits for front ends, without game logic."""
