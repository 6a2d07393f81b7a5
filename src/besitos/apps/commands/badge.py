"""`badge`: what a member holds, giving and revoking, and which ones they show."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple

import typer

from besitos.apps.compose import Besitos
from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.options import Dry, Json, Key, MemberName, Quiet
from besitos.apps.orders import Attempt
from besitos.apps.session import checked_text, do, member_of, member_ref
from besitos.apps.terminal import Terminal
from besitos.core.view import View
from besitos.game.document import Document
from besitos.mechanics.badge.decide import Awards, Seen, awards_in, badges_in, look_at, shown_of
from besitos.mechanics.badge.model import GiveBadge, How, RevokeBadge, ShowBadges
from besitos.store.awards import awards_of
from besitos.surfaces.texts.missing import Missing, is_open

app = typer.Typer(**LOOK)
badge = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.badge"))
app.add_typer(badge, name="badge")

BadgeKey = Annotated[str, typer.Argument(metavar=word("cli.metavar.badge"), help=word("cli.option.badge"))]
BadgeKeys = Annotated[
    list[str] | None, typer.Argument(metavar=word("cli.metavar.badge"), help=word("cli.option.badges"))
]
Value = Annotated[str, typer.Option("--value", help=word("cli.option.badge_value"))]
Reason = Annotated[str, typer.Option("--reason", help=word("cli.option.why"))]

HOW: Mapping[How, str] = {
    "earned": "cli.how.earned",
    "given": "cli.how.given",
    "paid": "cli.how.paid",
    "back_filled": "cli.how.back_filled",
}


class Case(NamedTuple):
    """What a member was given, how near the rest is, and what they show."""

    awards: Awards
    seen: list[Seen]
    shown: tuple[str, ...]
    document: Document


@badge.command("list", cls=Verb, help=word("cli.help.badge_list"))
def list_badges(name: MemberName, *, json: Json = False) -> None:
    """What a member holds or held, and how near the others are: operators see all."""
    terminal = Terminal(json)
    member_ref(name)
    case = do(lambda besitos: _case_of(besitos, name))
    words = Missing(terminal.texts, case.document, is_open)
    near = {seen.key: seen.progress for seen in case.seen}
    said = []
    for key in dict.fromkeys((*case.awards, *near)):
        progress = near.get(key)
        awards = [
            {
                "value": each.value,
                "at": each.at,
                "how": each.award.how,
                "is_revoked": each.award.is_revoked,
            }
            for each in case.awards.get(key, ())
        ]
        missing = None if progress is None else words.line(progress.unmet)
        said.append({"badge": key, "awards": awards, "is_shown": key in case.shown, "missing": missing})
    terminal.data(said)
    terminal.table("badge value given how shown missing", [row for each in said for row in _rows(each, terminal)])


@badge.command("give", cls=Verb, help=word("cli.help.badge_give"))
def give(
    name: MemberName,
    key_of_badge: BadgeKey,
    *,
    value: Value = "",
    reason: Reason = "",
    key: Key = None,
    dry_run: Dry = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Give a member a badge, whatever its conditions."""
    said: dict[str, Any] = {
        "badge": checked_text(key_of_badge, most=60),
        "value": checked_text(value),
        "reason": checked_text(reason),
    }
    attempt = Attempt.under(key, Terminal(json, quiet), is_rehearsal=dry_run)
    attempt.carry_out([name], lambda common, _: GiveBadge(**common, **said))


@badge.command("revoke", cls=Verb, help=word("cli.help.badge_revoke"))
def revoke(
    name: MemberName,
    key_of_badge: BadgeKey,
    *,
    reason: Annotated[str, typer.Option("--reason", help=word("cli.option.why"))],
    value: Value = "",
    key: Key = None,
    dry_run: Dry = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Take a badge away. There must be a reason."""
    said: dict[str, Any] = {
        "badge": checked_text(key_of_badge, most=60),
        "value": checked_text(value),
        "reason": checked_text(reason),
    }
    attempt = Attempt.under(key, Terminal(json, quiet), is_rehearsal=dry_run)
    attempt.carry_out([name], lambda common, _: RevokeBadge(**common, **said))


@badge.command("show", cls=Verb, help=word("cli.help.badge_show"))
def show(
    name: MemberName, keys: BadgeKeys = None, *, key: Key = None, json: Json = False, quiet: Quiet = False
) -> None:
    """Choose which badges a member shows."""
    chosen = tuple(checked_text(each, most=60) for each in keys or ())
    attempt = Attempt.under(key, Terminal(json, quiet))
    attempt.carry_out([name], lambda common, _: ShowBadges(**common, badges=chosen))


async def _case_of(besitos: Besitos, name: str) -> Case:
    member_id, game = await member_of(besitos, name), besitos.engine.game

    def question(view: View) -> tuple[list[Seen], tuple[str, ...]]:
        seen = look_at(view, member_id, badges_in(game).values())
        return seen, shown_of(view, member_id, frozenset())

    seen, shown = await besitos.engine.look(member_id, question)
    awards = awards_in(await awards_of(besitos.store, member_id), revoked=True)
    return Case(awards, seen, shown, game.document)


def _rows(said: dict[str, Any], terminal: Terminal) -> Iterator[list[object]]:
    """One badge, with a row for each award: it may have been given for several values."""
    is_shown = terminal.texts.of("cli.badge_shown") if said["is_shown"] else ""
    for award in said["awards"]:
        how = "cli.badge_revoked" if award["is_revoked"] else HOW[award["how"]]
        yield [said["badge"], award["value"], award["at"], terminal.texts.of(how), is_shown, said["missing"] or ""]
    if not said["awards"]:
        yield [said["badge"], "", None, "", is_shown, said["missing"] or ""]
