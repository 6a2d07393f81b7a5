"""The bot, talked to over HTTP."""
