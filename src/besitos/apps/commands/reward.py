"""`reward`: how a member stands with rewards, claiming and giving them."""

from typing import Annotated

import typer

from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.options import Dry, Json, Key, MemberName, Quiet
from besitos.apps.orders import Attempt
from besitos.apps.session import checked_text, look_at_member
from besitos.apps.terminal import Terminal
from besitos.mechanics.reward.decide import look_at, rewards_in
from besitos.mechanics.reward.model import ClaimReward, GiveReward
from besitos.surfaces.texts.missing import Missing, is_open

app = typer.Typer(**LOOK)
reward = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.reward"))
app.add_typer(reward, name="reward")

RewardKey = Annotated[str, typer.Argument(metavar=word("cli.metavar.reward"), help=word("cli.option.reward"))]


@reward.command("list", cls=Verb, help=word("cli.help.reward_list"))
def list_rewards(name: MemberName, *, json: Json = False) -> None:
    """How a member stands with every reward, and what is missing."""
    terminal = Terminal(json)
    found, game = look_at_member(name, lambda view, member_id, game: look_at(view, member_id, rewards_in(game)))
    words = Missing(terminal.texts, game.document, is_open)
    terminal.data(
        [
            {
                "reward": seen.key,
                "state": seen.standing.state.value,
                "claim_by": seen.standing.claim_by,
                "how": seen.standing.how,
                "missing": words.lines(seen.unmet),
            }
            for seen in found
        ]
    )
    terminal.table(
        "reward state claim_by missing",
        [
            [
                seen.key,
                terminal.texts.of(f"cli.status.reward_{seen.standing.state.value.lower()}"),
                seen.standing.claim_by,
                ", ".join(words.lines(seen.unmet)),
            ]
            for seen in found
        ],
    )


@reward.command("claim", cls=Verb, help=word("cli.help.reward_claim"))
def claim(
    name: MemberName,
    key_of_reward: RewardKey,
    *,
    key: Key = None,
    dry_run: Dry = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Claim a reward in a member's name."""
    claimed = checked_text(key_of_reward, most=60)
    attempt = Attempt.under(key, Terminal(json, quiet), is_rehearsal=dry_run)
    attempt.carry_out([name], lambda common, _: ClaimReward(**common, reward=claimed))


@reward.command("give", cls=Verb, help=word("cli.help.reward_give"))
def give(
    name: MemberName,
    key_of_reward: RewardKey,
    *,
    key: Key = None,
    dry_run: Dry = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Give a member a reward, whatever its conditions."""
    given = checked_text(key_of_reward, most=60)
    attempt = Attempt.under(key, Terminal(json, quiet), is_rehearsal=dry_run)
    attempt.carry_out([name], lambda common, _: GiveReward(**common, reward=given))
