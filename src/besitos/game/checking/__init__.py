"""The third pass by subject: what is checked of a definition that only the whole game can tell."""
