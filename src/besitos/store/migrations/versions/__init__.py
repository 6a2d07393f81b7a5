"""The steps, in the order of their numbers. One that was released is never edited again.

A new step is a file `0002_what_it_brings.py`, its number in `migrate.REVISIONS`, and the same change in `tables.py`.
"""
