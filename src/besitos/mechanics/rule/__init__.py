"""Rules: what the game pays for activities, and how often."""

from collections.abc import Iterable

from besitos.game.document import Document
from besitos.game.filter import Filter
from besitos.game.mechanic import Listens, Mechanic, Phase
from besitos.game.paying import Payable, allowance_of, known_among
from besitos.game.window import Window
from besitos.mechanics.rule.decide import decide, needs
from besitos.mechanics.rule.model import RULES_SECTION, Rule, RuleAtWork


def compile_rules(document: Document) -> Iterable[tuple[str, RuleAtWork]]:
    """Each rule, with the types that the attributes of its activities have."""
    for key, rule in document.all("rule").items():
        assert isinstance(rule, Rule)
        types = {name: kind for topic in rule.when for name, kind in (document.filterable_of(topic) or {}).items()}
        name = f"rule/{key}"
        asked = frozenset(rule.where) | {limit.per for limit in rule.limit if limit.per}
        pays, within = Payable(rule.pays), tuple(allowance_of(name, limit) for limit in rule.limit)
        yield (
            name,
            RuleAtWork(
                key=key,
                topics=tuple(rule.when),
                filter=Filter(rule.where, types),
                known=known_among(frozenset(asked)),
                pays=pays,
                within=within,
                source=rule.source or key,
                window=Window.of(rule, document.calendar),
                quarantine_seconds=int(rule.quarantine.value.total_seconds()) if rule.quarantine else 0,
                is_hot=not pays.has_units and all(allowance.is_plain for allowance in within),
            ),
        )


RULE = Mechanic(
    name="rule",
    sections=(RULES_SECTION,),
    compile=compile_rules,
    listens=(Listens(lambda rule: rule.topics, decide, Phase.RULE, needs),),
)
