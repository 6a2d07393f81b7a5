"""Kinds of transactions: what a movement was, to the member who reads the history."""

from enum import StrEnum
from typing import Self

MAX_AMOUNT = 2**53 - 1
"""The largest amount that a caller may give: what JavaScript still counts exactly."""

MAX_BALANCE = 2**63 - 1
"""The largest sum that a database row can hold."""


class TransactionType(StrEnum):
    """What a movement was. What earns or spends counts in the lifetime totals of the purse.

    REVERSAL undoes what the reversed type did to them; RELEASE earns when it ends a quarantine;
    AUCTION_BID spends when it is paid out of its hold. The ledger knows these three.
    """

    EARN_REACTION = "EARN_REACTION", "❤️"
    EARN_DAILY = "EARN_DAILY", "🎁"
    EARN_STREAK = "EARN_STREAK", "🔥"
    EARN_REWARD = "EARN_REWARD", "🏆"
    EARN_MISSION = "EARN_MISSION", "🎯"
    EARN_TRIVIA = "EARN_TRIVIA", "❓"
    EARN_ACHIEVEMENT = "EARN_ACHIEVEMENT", "🏅"
    EARN_STORY = "EARN_STORY", "📖"
    EARN_LEVEL = "EARN_LEVEL", "⬆️"
    EARN_RULE = "EARN_RULE", "💬"
    EARN_ADMIN = "EARN_ADMIN", "✨"
    PRIZE = "PRIZE", "🥇"
    GIFT_RECEIVED = "GIFT_RECEIVED", "💝"
    AUCTION_SALE = "AUCTION_SALE", "🔨"
    REFUND = "REFUND", "↩️"
    RELEASE = "RELEASE", "🔓"
    SPEND_SHOP = "SPEND_SHOP", "🛍️"
    SPEND_STORY = "SPEND_STORY", "📚"
    SPEND_ADMIN = "SPEND_ADMIN", "🧾"
    GIFT_SENT = "GIFT_SENT", "💌"
    AUCTION_BID = "AUCTION_BID", "✋"
    FEE = "FEE", "🪙"
    PENALTY = "PENALTY", "⚠️"
    EXPIRE = "EXPIRE", "⌛"
    REPAY = "REPAY", "🤝"
    REVERSAL = "REVERSAL", "⏪"

    emoji: str
    is_earn: bool
    is_spend: bool

    def __new__(cls, value: str, emoji: str) -> Self:
        """A member of the enumeration, with what the ledger asks for at each movement as plain attributes."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.emoji = emoji
        made.is_earn = value.startswith(("EARN_", "PRIZE"))
        made.is_spend = value.startswith("SPEND_")
        return made
