"""`audit` and `seal`: whether the books are in order."""

import typer

from besitos.apps.bars import bar
from besitos.apps.compose import Besitos
from besitos.apps.failure import refuse
from besitos.apps.help import LOOK, Verb, word
from besitos.apps.options import Json, Quiet
from besitos.apps.session import do
from besitos.apps.terminal import Terminal
from besitos.store.audit import Report, audit
from besitos.store.seals import Seal, seal_all

app = typer.Typer(**LOOK)


@app.command("audit", cls=Verb, help=word("cli.help.audit"))
def prove(*, json: Json = False, quiet: Quiet = False) -> None:
    """Prove the books. Exit 1 with the offending rows if they are not in order."""
    terminal = Terminal(json, quiet)

    async def work(besitos: Besitos) -> Report:
        with bar(terminal) as advance:
            advance(0.0, terminal.texts.of("cli.auditing"))
            return await audit(besitos.store)

    report = do(work)
    terminal.data(
        {
            "ok": report.is_clean,
            "seconds": report.seconds,
            "seals": report.seals,
            "sealed": report.sealed,
            "rules": [{"code": each.code, "count": each.count, "rows": each.rows} for each in report.findings],
        }
    )
    for finding in report.violations:
        terminal.line(f"✗ {terminal.texts.of(finding.code)} [{finding.code}] · {finding.count}")
        for row in finding.rows:
            terminal.line("    " + "  ".join(f"{name}={value}" for name, value in row.items()))
    if not report.is_clean:
        refuse("cli.audit_failed", count=len(report.violations))
    terminal.say("cli.audit_fine", rules=len(report.findings), seals=report.seals, seconds=str(report.seconds))


@app.command("seal", cls=Verb, help=word("cli.help.seal"))
def make_seal(*, json: Json = False, quiet: Quiet = False) -> None:
    """Seal what is closed, without waiting for the job."""
    terminal = Terminal(json, quiet)

    async def work(besitos: Besitos) -> list[Seal]:
        return await seal_all(besitos.store, besitos.clock.now())

    made = do(work)
    terminal.data(
        [
            {"number": each.number, "first": each.first_position, "last": each.last_position, "rows": each.row_count}
            for each in made
        ]
    )
    terminal.say("cli.sealed" if made else "cli.nothing_to_seal", count=len(made), rows=sum(e.row_count for e in made))
