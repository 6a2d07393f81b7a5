"""The toolkit for Telegram: who is talking, in which words, which screen; how updates come in and what goes wrong.

No game logic, and the only room besides the mechanics' own `telegram.py` that knows aiogram.
"""
