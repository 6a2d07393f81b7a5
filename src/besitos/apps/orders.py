"""Orders typed by an operator: one activity under one key, tried or rehearsed, and what is said of how it ended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Self

import typer

from besitos.apps.compose import Besitos
from besitos.apps.failure import OutputError, refuse
from besitos.apps.help import Verb
from besitos.apps.options import Dry, Json, Key, MemberName, Quiet
from besitos.apps.session import checked_text, do, key_of, member_of, member_ref
from besitos.apps.terminal import Terminal, flush
from besitos.core.activity import Activity
from besitos.engine.outcome import Outcome, Status, given_in
from besitos.surfaces.texts.given import given_text

Build = Callable[[dict[str, Any], Sequence[int]], Activity]
"""Makes the activity of what all have in common and of the ids of the members who were named."""

BuildOfOne = Callable[[dict[str, Any], str], Activity]
"""The same of what all have in common and of the key of a definition."""


@dataclass(frozen=True)
class Attempt:
    """One try: under which key, whether only to see what would happen, and whom to tell."""

    terminal: Terminal
    key: str
    is_rehearsal: bool = False

    @classmethod
    def under(cls, key: str | None, terminal: Terminal, *, is_rehearsal: bool = False) -> Self:
        """An attempt under the key that was typed, or under a new one."""
        return cls(terminal, key_of(key), is_rehearsal)

    def carry_out(self, names: Sequence[str], build: Build) -> None:
        """Do it for the members of these names, of whom the first is the one whose act it is."""
        for name in names:
            member_ref(name)  # what is typed wrongly is said before a database is opened

        async def work(besitos: Besitos) -> Outcome:
            return await self.decide(besitos, [await member_of(besitos, name) for name in names], build)

        self.tell(do(work))

    async def decide(self, besitos: Besitos, ids: Sequence[int], build: Build) -> Outcome:
        """The outcome for these members."""
        common = {"key": self.key, "member_id": ids[0], "occurred_at": besitos.clock.now(), "is_dated": False}
        activity = build(common, ids)
        if self.is_rehearsal:
            [outcome] = await besitos.engine.rehearse([activity])
            return outcome
        return await besitos.engine.submit(activity)

    def tell(self, outcome: Outcome) -> None:
        """Say how it ended; what was refused is a failure of the command.

        The key is said even to the quiet where nothing else can be: without it, trying again would do it twice.
        """
        key = self.key.partition(":")[2]
        try:
            self._show(outcome, key)
            flush()
        except OutputError:
            if outcome.accepted and not self.is_rehearsal:
                self.terminal.warn("cli.replayed" if outcome.replayed else "cli.done_under", key=key)
            if outcome.accepted:
                raise
        if not outcome.accepted:
            refuse(outcome.reason or outcome.status.value, **outcome.details)
        if self.is_rehearsal:
            self.terminal.say("cli.rehearsed")
        elif outcome.replayed:
            self.terminal.say("cli.replayed", key=key)
        else:
            self.terminal.say("cli.done_under", key=key)

    def _show(self, outcome: Outcome, key: str) -> None:
        self.terminal.data(as_data(outcome, key, is_rehearsal=self.is_rehearsal))
        for paid in outcome.paid:
            text = self.terminal.texts.of(
                "cli.moved",
                member=str(paid.member_id),
                amount=f"{paid.amount:+}",
                account=paid.account,
                balance=paid.balance,
                transfer=paid.transfer_id,
            )
            self.terminal.line(text)
        texts = self.terminal.texts
        for part, given in given_in(outcome).items():
            what = ", ".join(given_text(texts, each, each.key) for each in given)
            self.terminal.line(texts.of("cli.given", part=part, what=what))


def add_verb(group: typer.Typer, name: str, about: str, argument: Any, build: BuildOfOne) -> None:  # noqa: ANN401 - Typer's own
    """Add a verb that takes a member and the key of one definition, and decides what is built of both."""

    @group.command(name, cls=Verb, help=about)
    def verb(
        name: MemberName,
        definition: Annotated[str, argument],
        *,
        key: Key = None,
        dry_run: Dry = False,
        json: Json = False,
        quiet: Quiet = False,
    ) -> None:
        typed = checked_text(definition, most=60)
        attempt = Attempt.under(key, Terminal(json, quiet), is_rehearsal=dry_run)
        attempt.carry_out([name], lambda common, _: build(common, typed))


def as_data(outcome: Outcome, key: str, *, is_rehearsal: bool) -> dict[str, Any]:
    """An outcome for programs."""
    said: dict[str, Any] = {"status": outcome.status.value, "key": key, "replayed": outcome.replayed}
    if is_rehearsal:
        said["rehearsed"] = True
    if outcome.status is not Status.ACCEPTED:
        return {**said, "reason": outcome.reason, "details": outcome.details}
    return {
        **said,
        "transfer": next((paid.transfer_id for paid in outcome.paid), None),
        "moved": [
            {"member_id": str(paid.member_id), "account": paid.account, "amount": paid.amount, "balance": paid.balance}
            for paid in outcome.paid
        ],
        "given": [
            {"definition": part, "word": each.word, "key": each.key, "count": each.count}
            for part, given in given_in(outcome).items()
            for each in given
        ],
    }
