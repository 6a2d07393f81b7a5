"""`why`: what of the game paid for what a member did, what did not, and why."""

from typing import Annotated

import typer

from besitos.apps.compose import Besitos
from besitos.apps.failure import refuse
from besitos.apps.help import LOOK, Verb, word
from besitos.apps.options import LIMIT_MAX, Json, Limit, MemberName
from besitos.apps.session import do, member_of
from besitos.apps.terminal import Terminal
from besitos.game.document import Document
from besitos.store.why import Explained, newest, of_key
from besitos.surfaces.texts.missing import Missing, is_open
from besitos.surfaces.texts.why import Why

app = typer.Typer(**LOOK)

Key = Annotated[str | None, typer.Argument(metavar=word("cli.metavar.activity"), help=word("cli.option.activity"))]


@app.command("why", cls=Verb, help=word("cli.help.why"))
def why(member: MemberName, activity: Key = None, *, limit: Limit = 5, json: Json = False) -> None:
    """Say why a member's activities paid what they paid."""
    terminal = Terminal(json)

    async def work(besitos: Besitos) -> tuple[list[Explained], Document]:
        member_id = await member_of(besitos, member)
        if activity is None:
            return await newest(besitos.store, member_id, limit + 1), besitos.games.current().document
        found = [each for each in await of_key(besitos.store, activity) if each.member_id == member_id]
        if not found:
            refuse("cli.why_unknown", activity=activity)
        return found, besitos.games.current().document

    found, document = do(work)
    words = Why(terminal.texts, document, Missing(terminal.texts, document, is_open))
    shown = found[:limit]
    terminal.data([_as_data(each, words) for each in shown])
    for each in shown:
        terminal.line(f"{each.occurred_at:%Y-%m-%d %H:%M:%S}  {words.title(each)}  [{each.key}]")
        for told in words.told(each):
            terminal.line(f"  {told.sentence}")
    if not found:
        terminal.say("cli.why_nothing")
    if len(found) > limit:
        terminal.say("cli.more_why" if limit < LIMIT_MAX else "cli.more_why_by_key", limit=LIMIT_MAX, member=member)


def _as_data(explained: Explained, words: Why) -> dict[str, object]:
    return {
        "key": explained.key,
        "kind": explained.kind,
        "title": words.title(explained),
        "occurred_at": explained.occurred_at,
        "game_version": explained.game_version,
        "told": [
            {"part": told.part, "reason": told.reason, "amounts": dict(told.amounts), "sentence": told.sentence}
            for told in words.told(explained)
        ],
    }
