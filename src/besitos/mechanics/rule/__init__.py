"""Rules: what the game pays for activities, and how often."""

from collections.abc import Iterable

from besitos.core.past import BackFillRule
from besitos.game.asking import Asking, Vocabulary
from besitos.game.document import Document
from besitos.game.filter import Filter
from besitos.game.measuring import types_of
from besitos.game.mechanic import Handles, Listens, Mechanic, Phase
from besitos.game.paying import Payable, allowance_of, known_among
from besitos.game.window import Window
from besitos.mechanics.rule.decide import back_fill, decide, needs
from besitos.mechanics.rule.model import RULES_SECTION, Rule, RuleAtWork


def compile_rules(document: Document) -> Iterable[tuple[str, RuleAtWork]]:
    """Each rule, with the types that the attributes of its activities have."""
    words = Vocabulary(document)
    for key, rule in document.all("rule").items():
        assert isinstance(rule, Rule)
        name = f"rule/{key}"
        asking = Asking.of(rule.requires, words)
        units = {share.attribute for amount in rule.pays.amounts.values() for share in amount.shares if share.attribute}
        asked = frozenset(rule.where) | {limit.per for limit in rule.limit if limit.per} | asking.pers | units
        pays, within = Payable(rule.pays), tuple(allowance_of(name, limit) for limit in rule.limit)
        yield (
            name,
            RuleAtWork(
                key=key,
                topics=tuple(rule.when),
                filter=Filter(rule.where, types_of(document, rule.when)),
                asking=asking,
                known=known_among(asked),
                pays=pays,
                within=within,
                source=rule.source or key,
                window=Window.of(rule, document.calendar),
                quarantine_seconds=int(rule.quarantine.value.total_seconds()) if rule.quarantine else 0,
                is_hot=not pays.has_units and not asking and all(allowance.is_plain for allowance in within),
            ),
        )


RULE = Mechanic(
    name="rule",
    sections=(RULES_SECTION,),
    compile=compile_rules,
    handles=(Handles(BackFillRule, back_fill, names=lambda order: f"rule/{order.rule}"),),
    listens=(Listens(lambda rule: rule.topics, decide, Phase.RULE, needs, lambda rule: not rule.is_hot),),
)
