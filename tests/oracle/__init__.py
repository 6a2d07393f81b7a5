"""A second, slow and obvious reading of the game language, to hold the product against.

It is written from the language alone and shares no code with the product: what the two say differently of
the same history is a mistake in one of them, or a sentence that can be read twice.
"""
