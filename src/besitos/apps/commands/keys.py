"""`keys`: the keys of applications that use the API."""

from typing import Annotated, Any

import typer

from besitos.apps.compose import Besitos
from besitos.apps.failure import misuse, refuse
from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.options import Json, Quiet
from besitos.apps.session import do
from besitos.apps.terminal import Terminal
from besitos.store.keys import ApiKey, ClientTakenError
from besitos.surfaces.http.keys import CLIENT, Scope, create_key, list_keys, revoke_key

app = typer.Typer(**LOOK)
keys = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.keys"))
app.add_typer(keys, name="keys")

ACTOR = "cli"
USUAL = (Scope.READ, Scope.ACTIVITIES, Scope.MEMBERS, Scope.LEDGER)
"""What an application needs that brings in activities, and moves money for its own purposes."""


@keys.command("create", cls=Verb, help=word("cli.help.keys_create"))
def create(
    client: Annotated[str, typer.Argument(metavar=word("cli.metavar.client"), help=word("cli.option.client"))],
    *,
    scopes: Annotated[list[Scope] | None, typer.Option("--scope", help=word("cli.option.scope"))] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make a key and show it: the only time that anybody sees it."""
    terminal, allowed = Terminal(json, quiet), tuple(scopes or USUAL)
    if not CLIENT.fullmatch(client):
        misuse("cli.client_form", found=client)

    async def work(besitos: Besitos) -> str:
        try:
            return await create_key(besitos.store, besitos.clock, client, allowed, ACTOR)
        except ClientTakenError:
            refuse("cli.client_taken", client=client)

    made = do(work)
    terminal.data({"client": client, "scopes": sorted(allowed), "key": made})
    terminal.line(made)
    terminal.say("cli.key_made", client=client, scopes=", ".join(sorted(allowed)))


@keys.command("list", cls=Verb, help=word("cli.help.keys_list"))
def show(*, json: Json = False) -> None:
    """Every key, without its secret."""
    terminal = Terminal(json)

    async def work(besitos: Besitos) -> list[ApiKey]:
        return await list_keys(besitos.store)

    found = do(work)
    terminal.table(
        "client key_id scopes created_at last_used_at revoked_at",
        [
            [each.client, each.key_id, ", ".join(each.scopes), each.created_at, each.last_used_at, each.revoked_at]
            for each in found
        ],
    )
    terminal.data([_as_data(each) for each in found])


@keys.command("revoke", cls=Verb, help=word("cli.help.keys_revoke"))
def revoke(
    named: Annotated[str, typer.Argument(metavar=word("cli.metavar.client"), help=word("cli.option.revoked"))],
    *,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Put a key out of force, within a second."""
    terminal = Terminal(json, quiet)

    async def work(besitos: Besitos) -> ApiKey | None:
        return await revoke_key(besitos.store, besitos.clock, named, ACTOR)

    revoked = do(work)
    if revoked is None:
        refuse("cli.no_key", name=named)
    terminal.data(_as_data(revoked))
    terminal.say("cli.key_revoked", client=revoked.client)


def _as_data(key: ApiKey) -> dict[str, Any]:
    return {name: value for name, value in key._asdict().items() if name != "secret_hash"}
