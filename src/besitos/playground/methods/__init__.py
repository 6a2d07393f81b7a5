"""The methods that bots call, by the name in the URL in lower case. What is not here is 404, as at Telegram."""

from besitos.playground.methods import about, messages, receiving
from besitos.playground.telegram import Method

METHODS: dict[str, Method] = {**about.METHODS, **messages.METHODS, **receiving.METHODS}
