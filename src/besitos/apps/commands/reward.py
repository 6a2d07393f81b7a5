"""`reward`: how a member stands with rewards, claiming and giving them."""

import typer

from besitos.apps.help import LOOK, Noun, Verb, word
from besitos.apps.options import Json, MemberName
from besitos.apps.orders import add_verb
from besitos.apps.session import look_at_member
from besitos.apps.terminal import Terminal
from besitos.mechanics.reward.decide import look_at, rewards_in
from besitos.mechanics.reward.model import ClaimReward, GiveReward
from besitos.surfaces.texts.missing import Missing, is_open

app = typer.Typer(**LOOK)
reward = typer.Typer(**LOOK, cls=Noun, help=word("cli.help.reward"))
app.add_typer(reward, name="reward")

REWARD = typer.Argument(metavar=word("cli.metavar.reward"), help=word("cli.option.reward"))


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


CLAIM, GIVE = word("cli.help.reward_claim"), word("cli.help.reward_give")
add_verb(reward, "claim", CLAIM, REWARD, lambda common, key: ClaimReward(**common, reward=key))
add_verb(reward, "give", GIVE, REWARD, lambda common, key: GiveReward(**common, reward=key))
