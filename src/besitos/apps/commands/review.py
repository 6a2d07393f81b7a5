"""`quarantine` and `anomalies`: what waits for a person to look at it."""

from typing import Annotated, Any

import typer

from besitos.apps.compose import Besitos
from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.options import Json, Key, Limit, MemberName, Quiet
from besitos.apps.orders import Attempt
from besitos.apps.session import do
from besitos.apps.terminal import Terminal
from besitos.core.quarantine import RefusePayout, ReleasePayout
from besitos.store.review import NoticedMember, WaitingPayout, noticed_members, waiting_payouts

app = typer.Typer(**LOOK)
quarantine = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.quarantine"))
anomalies = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.anomalies"))
app.add_typer(quarantine, name="quarantine")
app.add_typer(anomalies, name="anomalies")

Payout = Annotated[str, typer.Argument(metavar=word("cli.metavar.payout"), help=word("cli.option.payout"))]


@quarantine.command("list", cls=Verb, help=word("cli.help.quarantine_list"))
def list_waiting(*, limit: Limit = 50, json: Json = False) -> None:
    """The payouts that wait, the longest waiting first."""
    terminal = Terminal(json)

    async def work(besitos: Besitos) -> list[WaitingPayout]:
        return await waiting_payouts(besitos.store, limit)

    found = do(work)
    terminal.table(
        "member payout amount cause since releases_at",
        [
            [str(member_id), payout, _amounts(waiting.amounts), waiting.cause, waiting.since, waiting.releases_at]
            for member_id, payout, waiting in found
        ],
    )
    terminal.data([_waiting(each) for each in found])


@quarantine.command("release", cls=Verb, help=word("cli.help.quarantine_release"))
def release(member: MemberName, payout: Payout, *, key: Key = None, json: Json = False, quiet: Quiet = False) -> None:
    """Let a member have what waits."""
    attempt = Attempt.under(key, Terminal(json, quiet))
    attempt.carry_out([member], lambda common, _: ReleasePayout(**common, payout=payout))


@quarantine.command("refuse", cls=Verb, help=word("cli.help.quarantine_refuse"))
def refuse(member: MemberName, payout: Payout, *, key: Key = None, json: Json = False, quiet: Quiet = False) -> None:
    """Burn what waits."""
    attempt = Attempt.under(key, Terminal(json, quiet))
    attempt.carry_out([member], lambda common, _: RefusePayout(**common, payout=payout))


@anomalies.command("list", cls=Verb, help=word("cli.help.anomalies_list"))
def list_noticed(*, limit: Limit = 50, json: Json = False) -> None:
    """The members whom a cap has noticed, the latest first."""
    terminal = Terminal(json)

    async def work(besitos: Besitos) -> list[NoticedMember]:
        return await noticed_members(besitos.store, limit)

    found = do(work)
    terminal.table(
        "member cap times first_at last_at",
        [[str(member_id), cap, anomaly.times, anomaly.first_at, anomaly.last_at] for member_id, cap, anomaly in found],
    )
    terminal.data(
        [
            {
                "member_id": str(member_id),
                "cap": cap,
                "times": anomaly.times,
                "first_at": anomaly.first_at,
                "last_at": anomaly.last_at,
            }
            for member_id, cap, anomaly in found
        ]
    )


def _amounts(amounts: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{amount} {word}" for word, amount in amounts)


def _waiting(each: WaitingPayout) -> dict[str, Any]:
    return {
        "member_id": str(each.member_id),
        "payout": each.payout,
        "amounts": dict(each.waiting.amounts),
        "source": each.waiting.source,
        "cause": each.waiting.cause,
        "since": each.waiting.since,
        "releases_at": each.waiting.releases_at,
    }
