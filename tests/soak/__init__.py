"""Tests of the soak, and a small part of it."""
