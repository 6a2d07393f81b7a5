"""What the bot says of itself: commands per scope and language, descriptions, names, the button beside the text."""

from dataclasses import dataclass, field
from typing import Any

Scope = tuple[str, ...]

DEFAULT: Scope = ("default",)
PRIVATE: Scope = ("all_private_chats",)


@dataclass
class Profile:
    """The bot's own settings. Texts are kept by field and language, "" being the language of everybody else."""

    commands: dict[tuple[Scope, str], list[dict[str, str]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int | None, dict[str, Any]] = field(default_factory=dict)

    def commands_seen_in(self, private_chat_id: int, language: str) -> list[dict[str, str]]:
        """The menu of one person: the narrowest scope that has any, in their language before everybody's."""
        for scope in (("chat", str(private_chat_id)), PRIVATE, DEFAULT):
            for spoken in (language, ""):
                if listed := self.commands.get((scope, spoken)):
                    return listed
        return []

    def text(self, name: str, language: str) -> str:
        """A text in this language, or in everybody's."""
        return self.texts.get((name, language)) or self.texts.get((name, ""), "")

    def menu_button(self, chat_id: int | None) -> dict[str, Any]:
        """The button of one chat, or the one that all others have."""
        return self.menu_buttons.get(chat_id) or self.menu_buttons.get(None) or {"type": "commands"}
