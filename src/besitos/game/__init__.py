"""The game as a document: what a mechanic is, how the document is read and checked, and what it compiles to."""
