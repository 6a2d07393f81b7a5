"""Sentences that can be read twice, as they are read."""

from tests.oracle.case import act, case, wait

HELD = "rules:\n" + "".join(
    f"  r{chr(97 + n)}: {{when: message.posted, pays: {{besitos: {n + 1}}}, quarantine: 2d}}\n" for n in range(12)
)

CASES = (
    # ------------------------------------------------------------------------------------------------ what is held
    case(
        "what is held is released, each by itself, though nothing of it is money",
        "14",
        """
items: {llave: {name: Llave, type: narrative_key}}
rules: {r: {when: message.posted, pays: {items: {llave: 1}}, quarantine: 2d}}
""",
        act("07 12:00").then(items={}),
        act("07 13:00").then(items={}),
        wait("09 12:00").then(items={"llave": 1}),
        wait("09 13:00").then(items={"llave": 2}),
        act("10 12:00"),
        wait("12 12:00").then(items={"llave": 3}),
    ),
    case(
        "what is due to be released at one instant comes in the order in which it was held",
        "14",
        HELD,
        act("07 12:00").then(entries=[]),
        wait("09 12:00").then(causes=[f"rule/r{chr(97 + n)}" for n in range(12)]),
    ),
    # ------------------------------------------------------------------------------------------------ what is read when
    case(
        "a badge that is limited for all is read at the value of the activity first",
        "6",
        """
metrics: {votos: {when: reaction.added, per: post}}
badges: {b: {name: B, per: post, if: [{votos: 1+}, {votos: 1+, at: p2}], limit: 1/ever for all}}
""",
        act("07 12:00", "reaction.added", post="p1", emoji="👍").then(awards=[]),
        act("07 12:01", "reaction.added", post="p2", emoji="👍").then(awards=[("b", "p2")]),
    ),
    # ------------------------------------------------------------------------------------------------ what is late
    case(
        "what a late activity adds to a metric wakes who asks for it, also where the number stays as it was",
        "14",
        """
metrics:
  ultima: {when: message.posted, last: length}
  respuestas: {when: reply.posted}
badges: {b: {name: B, if: [{ultima: 9+}, {respuestas: 2+, in: hour}]}}
""",
        act("07 12:00", "reply.posted"),
        act("07 12:01", "reply.posted"),
        act("07 15:00", length=9).then(awards=[]),
        act("07 12:30", length=3).then(awards=[("b", "")]),
    ),
)
