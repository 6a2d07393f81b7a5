"""`mission`: how a member's missions go, and beginning one."""

from typing import Any

import typer

from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.options import Json, MemberName
from besitos.apps.orders import add_verb
from besitos.apps.session import look_at_member
from besitos.apps.terminal import Terminal
from besitos.game.goals import Step
from besitos.mechanics.mission.decide import Seen, look_at, missions_in
from besitos.mechanics.mission.model import TakeMission
from besitos.surfaces.texts.missing import Missing, is_open

app = typer.Typer(**LOOK)
mission = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.mission"))
app.add_typer(mission, name="mission")

MISSION = typer.Argument(metavar=word("cli.metavar.mission"), help=word("cli.option.mission"))


@mission.command("list", cls=Verb, help=word("cli.help.mission_list"))
def list_missions(name: MemberName, *, json: Json = False) -> None:
    """What runs for a member, what they may take, and what is over."""
    terminal = Terminal(json)
    found, game = look_at_member(name, lambda view, member_id, game: look_at(view, member_id, missions_in(game)))
    words = Missing(terminal.texts, game.document, is_open)
    terminal.data([_as_data(seen, words) for seen in found])
    terminal.table(
        "mission state ends_at progress missing",
        [
            [
                seen.key,
                terminal.texts.of(f"cli.status.mission_{seen.run.state.value or 'available'}"),
                seen.run.ends_at,
                ", ".join(_progress(step, words) for step in seen.steps),
                ", ".join(words.lines(seen.unmet)),
            ]
            for seen in found
        ],
    )


TAKE = word("cli.help.mission_take")
add_verb(mission, "take", TAKE, MISSION, lambda common, key: TakeMission(**common, mission=key))


def _progress(step: Step, words: Missing) -> str:
    if step.wanted is None:
        return words.subject(step.unmet) if step.is_reached else words.line(step.unmet)
    return f"{step.unmet.have}/{step.unmet.need} {words.subject(step.unmet)}"


def _as_data(seen: Seen, words: Missing) -> dict[str, Any]:
    return {
        "mission": seen.key,
        "state": seen.run.state.value or "available",
        "ends_at": seen.run.ends_at,
        "goals": [
            {
                "fact": step.unmet.fact,
                "of": step.unmet.of,
                "group": step.unmet.group,
                "have": step.unmet.have,
                "need": step.unmet.need,
                "is_reached": step.is_reached,
            }
            for step in seen.steps
        ],
        "missing": words.lines(seen.unmet),
    }
