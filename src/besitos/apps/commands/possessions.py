"""What operators give a member besides money, and take: items, content, boosts, VIP time. Verbs of `member`."""

from typing import Annotated, Any

import typer

from besitos.apps.failure import misuse
from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.options import Json, Key, MemberName, Quiet
from besitos.apps.orders import Attempt
from besitos.apps.session import checked_text
from besitos.apps.terminal import Terminal
from besitos.core.activity import Activity
from besitos.game.units import Duration
from besitos.mechanics.boost.model import StartBoost
from besitos.mechanics.shop.model import MOST_AT_ONCE, GiveItem, OpenContent, TakeItem
from besitos.mechanics.vip.model import EndVip, GiveVip

possessions = typer.Typer(**LOOK, cls=Noun)

END = "end"
"""What ends VIP time instead of adding to it."""

ItemName = Annotated[str, typer.Argument(metavar=word("cli.metavar.item"), help=word("cli.option.item"))]
ContentName = Annotated[str, typer.Argument(metavar=word("cli.metavar.content"), help=word("cli.option.content"))]
BoostName = Annotated[str, typer.Argument(metavar=word("cli.metavar.boost"), help=word("cli.option.boost"))]
TimeOrEnd = Annotated[str, typer.Argument(metavar=word("cli.metavar.vip_time"), help=word("cli.option.vip_time"))]
Count = Annotated[int, typer.Option("--count", min=1, max=MOST_AT_ONCE, help=word("cli.option.count"))]
Reason = Annotated[str, typer.Option("--reason", help=word("cli.option.why"))]


def _add_item_verb(name: str, about: str, shape: type[GiveItem | TakeItem]) -> None:
    """Add a verb that puts an item into a member's backpack, or takes it out."""

    @possessions.command(name, cls=Verb, help=about)
    def verb(
        name: MemberName,
        item: ItemName,
        *,
        count: Count = 1,
        reason: Reason = "",
        key: Key = None,
        json: Json = False,
        quiet: Quiet = False,
    ) -> None:
        why, typed = checked_text(reason), checked_text(item, most=60)
        Attempt.under(key, Terminal(json, quiet)).carry_out(
            [name], lambda common, _: shape(**common, item=typed, count=count, reason=why)
        )


_add_item_verb("give-item", word("cli.help.member_give_item"), GiveItem)
_add_item_verb("take-item", word("cli.help.member_take_item"), TakeItem)


@possessions.command("open-content", cls=Verb, help=word("cli.help.member_open_content"))
def open_content(
    name: MemberName,
    content: ContentName,
    *,
    reason: Reason = "",
    key: Key = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Open content for a member."""
    why, typed = checked_text(reason), checked_text(content, most=60)
    Attempt.under(key, Terminal(json, quiet)).carry_out(
        [name], lambda common, _: OpenContent(**common, opens=typed, reason=why)
    )


@possessions.command("start-boost", cls=Verb, help=word("cli.help.member_start_boost"))
def start_boost(
    name: MemberName,
    boost: BoostName,
    *,
    reason: Reason = "",
    key: Key = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Start a boost for a member, or add its time to one that runs."""
    why, typed = checked_text(reason), checked_text(boost, most=60)
    Attempt.under(key, Terminal(json, quiet)).carry_out(
        [name], lambda common, _: StartBoost(**common, boost=typed, reason=why)
    )


@possessions.command("vip", cls=Verb, help=word("cli.help.member_vip"))
def vip(
    name: MemberName,
    time: TimeOrEnd,
    *,
    reason: Reason = "",
    key: Key = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Add VIP time, or end it."""
    why, seconds = checked_text(reason), None if time == END else _seconds(time)

    def order(common: dict[str, Any], _: object) -> Activity:
        if seconds is None:
            return EndVip(**common, reason=why)
        return GiveVip(**common, lasts=seconds, reason=why)

    Attempt.under(key, Terminal(json, quiet)).carry_out([name], order)


def _seconds(typed: str) -> int:
    try:
        return int(Duration.read(typed).value.total_seconds())
    except ValueError:
        misuse("cli.duration_form", found=typed)
