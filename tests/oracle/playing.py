"""A case, played by the oracle."""

from tests.oracle.case import WAIT, Case, Seen, Step, differences
from tests.oracle.oracle import Oracle
from tests.oracle.reading import rows_of
from tests.oracle.state import Outcome


def play(case: Case) -> list[str]:
    """Everything that was expected of a case and is not so."""
    oracle = Oracle(rows_of(case.game))
    found = []
    for number, step in enumerate(case.history):
        seen = seen_of(oracle, step, number)
        found += [
            f"step {number + 1} ({step.kind} at {step.at:%d %H:%M:%S}): {each}" for each in differences(step, seen)
        ]
    return found


def seen_of(oracle: Oracle, step: Step, number: int) -> Seen:
    if step.kind == WAIT:
        outcome = oracle.advance(step.at)
    else:
        key = f"k{number}"
        outcome = oracle.submit(key=key, member=step.by, kind=step.kind, at=step.at, attributes=step.attributes)
    seen = of_outcome(outcome, step.by)
    if step.by not in oracle.world.members:
        seen.is_known = False
        return seen
    member = oracle.member(step.by)
    for name in ("balance", "streaks", "items", "rewards", "modules", "missions", "level", "grade", "type", "badges"):
        setattr(seen, name, getattr(member, name))
    seen.board = {key: oracle.board(key, step.at) for key in oracle.world.game.all("leaderboard")}
    for path in step.expect.get("lacks", {}):
        kind, key = path.split("/")
        unmet = oracle.unmet(step.by, kind, key, step.at)
        seen.lacks[path] = [(each.group, each.fact, each.have, each.need, each.missing) for each in unmet]
    return seen


def of_outcome(outcome: Outcome, who: str) -> Seen:
    seen = Seen(refused=outcome.refused)
    for entry in outcome.entries:
        if entry.member == who:
            seen.paid[entry.currency] = seen.paid.get(entry.currency, 0) + entry.amount
            seen.entries.append((entry.currency, entry.amount, entry.after))
            seen.types.append(entry.type)
            seen.causes.append(entry.cause)
    seen.awards = [(each.badge, each.value) for each in outcome.awards if each.member == who]
    for event in outcome.events:
        name = event.type.partition(".")[2]
        seen.events[name] = seen.events.get(name, 0) + (event.member == who)
    documented = ("limit.", "cap.", "late.", "ledger.", "rounds.")
    seen.reasons = sorted({each.code for each in outcome.reasons if each.code.startswith(documented)})
    return seen
