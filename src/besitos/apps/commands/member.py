"""`member`: who members are."""

from typing import Annotated, Any

import typer

from besitos.apps.commands.possessions import possessions
from besitos.apps.compose import Besitos
from besitos.apps.failure import misuse, refuse
from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.options import Json, Key, MemberName, Quiet
from besitos.apps.orders import Attempt
from besitos.apps.session import checked_text, do, member_of, member_ref
from besitos.apps.terminal import Terminal
from besitos.core.holding import HOLDINGS
from besitos.core.member import PROFILE
from besitos.core.state import Hot, S
from besitos.engine.book import SECTIONS
from besitos.mechanics.member.model import BanMember, ChangeSettings, UnbanMember
from besitos.store.people import linking, naming
from besitos.store.protocol import MemberRef, Person, StoreError, UnavailableError
from besitos.store.reads import Card, cards

app = typer.Typer(**LOOK)
member = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.member"))
app.add_typer(member, name="member")
member.add_typer(possessions)

OtherName = Annotated[str, typer.Argument(metavar=word("cli.metavar.other_name"), help=word("cli.option.other_name"))]


@member.command("create", cls=Verb, help=word("cli.help.member_create"))
def create(
    name: OtherName,
    *,
    username: Annotated[str | None, typer.Option("--username", help=word("cli.option.username"))] = None,
    display_name: Annotated[str | None, typer.Option("--name", help=word("cli.option.display_name"))] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Open a member under the name of an application or of Telegram. Who exists already is shown."""
    terminal, ref = Terminal(json, quiet), member_ref(name)
    if ref.member_id is not None:
        misuse("cli.member_is_ours", found=name)
    person = Person(
        None if username is None else checked_text(username, most=64),
        None if display_name is None else checked_text(display_name, most=200),
    )

    async def work(besitos: Besitos) -> tuple[bool, Card]:
        is_known = ref in await besitos.directory.find([ref])
        member_id = (await besitos.directory.open([ref]))[ref]
        if any(person):
            await besitos.store.amend(naming(member_id, person))
        return is_known, (await cards(besitos.store, [member_id]))[member_id]

    is_known, card = do(work)
    _tell(card, terminal)
    terminal.say("cli.member_existed" if is_known else "cli.member_created")


@member.command("show", cls=Verb, help=word("cli.help.member_show"))
def show(name: MemberName, *, json: Json = False) -> None:
    """Who a member is."""
    member_ref(name)

    async def work(besitos: Besitos) -> Card:
        member_id = await member_of(besitos, name)
        return (await cards(besitos.store, [member_id]))[member_id]

    _tell(do(work), Terminal(json))


@member.command("link", cls=Verb, help=word("cli.help.member_link"))
def link_member(name: MemberName, other: OtherName, *, json: Json = False, quiet: Quiet = False) -> None:
    """Let a member also go by another name."""
    terminal, ref = Terminal(json, quiet), member_ref(other)
    member_ref(name)
    if ref.member_id is not None:
        misuse("cli.member_is_ours", found=other)

    async def work(besitos: Besitos) -> Card:
        member_id = await member_of(besitos, name)
        await _link(besitos, member_id, ref)
        card = (await cards(besitos.store, [member_id]))[member_id]
        if ref not in (MemberRef(telegram_id=card.telegram_id), MemberRef(external_id=card.external_id)):
            refuse("cli.name_taken", name=other)
        return card

    _tell(do(work), terminal)
    terminal.say("cli.linked", name=other)


@member.command("ban", cls=Verb, help=word("cli.help.member_ban"))
def ban(name: MemberName, *, key: Key = None, json: Json = False, quiet: Quiet = False) -> None:
    """Pay a member nothing from now on."""
    Attempt.under(key, Terminal(json, quiet)).carry_out([name], lambda common, _: BanMember(**common))


@member.command("unban", cls=Verb, help=word("cli.help.member_unban"))
def unban(name: MemberName, *, key: Key = None, json: Json = False, quiet: Quiet = False) -> None:
    """Pay a member again."""
    Attempt.under(key, Terminal(json, quiet)).carry_out([name], lambda common, _: UnbanMember(**common))


@member.command("zone", cls=Verb, help=word("cli.help.member_zone"))
def zone(
    name: MemberName,
    clock: Annotated[str, typer.Argument(metavar=word("cli.metavar.zone"), help=word("cli.option.zone"))],
    *,
    key: Key = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say by which clocks a member lives."""
    typed = "" if clock == "-" else checked_text(clock, most=100)
    Attempt.under(key, Terminal(json, quiet)).carry_out([name], lambda common, _: ChangeSettings(**common, zone=typed))


async def _link(besitos: Besitos, member_id: int, ref: MemberRef) -> None:
    """Link, unless the name is somebody's: then it stays theirs, which the card shows."""
    if ref in await besitos.directory.find([ref]):
        return
    try:
        await besitos.store.amend(linking(member_id, ref))
    except UnavailableError:
        raise
    except StoreError:  # a rival gave it to somebody else in this very moment
        return


def _tell(card: Card, terminal: Terminal) -> None:
    profile, holdings = _state_of(card, PROFILE), _state_of(card, HOLDINGS)
    said: dict[str, Any] = {
        "member_id": str(card.member_id),
        "external_id": card.external_id,
        "telegram_id": card.telegram_id,
        "username": card.username,
        "display_name": card.display_name,
        "language": card.language,
        "type": profile.type.value,
        "vip_until": profile.vip_until,
        "is_banned": profile.is_banned,
        "zone": profile.zone,
        "created_at": card.created_at,
        "last_active": card.last_active,
        "balances": {name: wallet.balance for name, wallet in sorted(card.wallets.items())},
        "items": dict(sorted(holdings.items.items())),
    }
    terminal.data(said)
    counted = {word: ", ".join(f"{n} {name}" for name, n in said[word].items()) for word in ("balances", "items")}
    told = {**said, **counted}
    if not profile.is_banned:
        del told["is_banned"]
    rows = [[terminal.texts.of(f"cli.title.{name}"), value] for name, value in told.items() if value not in (None, "")]
    terminal.pairs(rows)


def _state_of(card: Card, slot: Hot[S]) -> S:
    written = SECTIONS.decode(card.state).get(slot.name)
    return slot.blank if written is None else slot.decode(written)
