"""Editing the game: documents that wait under a name, what parts two versions, and the next version in force."""
