"""A Bot API server of our own, to talk to the real bot without Telegram.

Start a `Playground`, give its base URL to the bot, and be people: `say`, `press`, `block`; `answer` and `toast` wait
for what the bot does. It knows nothing of besitos and would serve any bot.
"""

from besitos.playground.chats import Happening, Kind, Press, Toast
from besitos.playground.faults import Delay, DropAnswer, Fault, Refuse
from besitos.playground.journal import Call, Journal
from besitos.playground.objects import Button, Message, Update, User
from besitos.playground.playground import TOKEN, Playground

__all__ = [
    "TOKEN",
    "Button",
    "Call",
    "Delay",
    "DropAnswer",
    "Fault",
    "Happening",
    "Journal",
    "Kind",
    "Message",
    "Playground",
    "Press",
    "Refuse",
    "Toast",
    "Update",
    "User",
]
