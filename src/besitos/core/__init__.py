"""The words, pure: values that every other room speaks in."""
