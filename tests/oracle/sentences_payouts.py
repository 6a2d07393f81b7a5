"""§5 of the language, and of §14 what settles payouts."""

from decimal import Decimal

from tests.oracle.case import act, case, wait

CASES = (
    case(
        "an amount may differ by type of member, and 0 is no payment",
        "5",
        "rules: {r: {when: message.posted, pays: {besitos: {free: 2, vip: 5}, xp: {free: 0, vip: 1}}}}",
        act("07 12:00").then(entries=[("besitos", 2, 2)]),
        act("07 12:01", "member.vip", lasts="7d"),
        act("07 12:02").then(entries=[("besitos", 5, 7), ("xp", 1, 1)]),
    ),
    case(
        "per unit of an attribute, the remainder carried to the next one",
        "5",
        "rules: {r: {when: live.watched, pays: {besitos: 2 per 5 minutes, xp: 1 per minutes}}}",
        act("07 12:00", "live.watched", minutes=4).then(paid={"xp": 4}),
        act("07 12:10", "live.watched", minutes=Decimal("7.5")).then(paid={"besitos": 4, "xp": 7}),
        act("07 12:20", "live.watched", minutes=Decimal("3.5")).then(paid={"besitos": 2, "xp": 4}),
    ),
    case(
        "units are untouched when the rule is refused before an amount",
        "14.4",
        "rules: {r: {when: live.watched, pays: {xp: 1 per 5 minutes}, limit: 1/day}}",
        act("07 12:00", "live.watched", minutes=8).then(paid={"xp": 1}),
        act("07 12:10", "live.watched", minutes=4).then(paid={}, reasons=["limit.reached"]),
        act("08 12:00", "live.watched", minutes=1).then(paid={}),
        act("08 12:10", "live.watched", minutes=1).then(paid={"xp": 1}),
    ),
    case(
        "units are used up by an amount, whatever is cut afterwards",
        "14.4",
        """
rules: {r: {when: live.watched, pays: {xp: 1 per 5 minutes}}}
caps: {c: {sources: [r], limit: 1 xp/day}}
""",
        act("07 12:00", "live.watched", minutes=5).then(paid={"xp": 1}),
        act("07 12:10", "live.watched", minutes=9).then(paid={}, reasons=["cap.reached"]),
        act("08 12:00", "live.watched", minutes=1).then(paid={"xp": 1}),
    ),
    case(
        "boosts multiply each other and round down once",
        "5",
        """
rules: {r: {when: message.posted, pays: {besitos: 1, xp: 3}}}
boosts:
  uno: {name: Uno, multiply: 1.5}
  dos: {name: Dos, multiply: 1.5, sources: [r]}
  otro: {name: Otro, multiply: 9, sources: [reaction]}
""",
        act("07 12:00").then(paid={"besitos": 2, "xp": 3}),
    ),
    case(
        "boosts apply to amounts above 0 only",
        "5",
        """
rules: {r: {when: message.posted, pays: {besitos: -4}}}
boosts: {uno: {name: Uno, multiply: 2}}
""",
        act("07 12:00", "ledger.grant", currency="besitos", amount=10).then(paid={"besitos": 10}),
        act("07 12:01").then(paid={"besitos": -4}),
    ),
    case(
        "a boost below 1 may cut an amount to no payment",
        "5",
        """
rules: {r: {when: message.posted, pays: {besitos: 1}, limit: 1/ever}}
boosts: {uno: {name: Uno, multiply: 0.5, until: 2026-12-08}}
""",
        act("07 12:00").then(entries=[]),
        act("08 12:00").then(paid={"besitos": 1}),
    ),
    case(
        "a boost holds inside its window, for those who meet its condition",
        "8",
        """
rules: {r: {when: message.posted, pays: {besitos: 1}}}
boosts:
  noche: {name: Noche, multiply: 2, from: 2026-12-08, until: 2026-12-09 18:00}
  vip: {name: VIP, multiply: 3, if: {member: vip}}
""",
        act("07 23:59").then(paid={"besitos": 1}),
        act("08 00:00").then(paid={"besitos": 2}),
        act("09 17:59").then(paid={"besitos": 2}),
        act("09 18:00").then(paid={"besitos": 1}),
        act("09 18:01", "member.vip", lasts="7d"),
        act("09 18:02").then(paid={"besitos": 3}),
    ),
    case(
        "a boost started by an item lasts from its use; using it while it runs adds its time",
        "8, 14.10",
        """
rules: {r: {when: message.posted, pays: {besitos: 1}}}
boosts: {perfume: {name: Perfume, multiply: 2, lasts: 1h}}
items: {frasco: {name: Frasco, type: power_up, use: {boost: perfume}}}
""",
        act("07 11:00", "item.give", item="frasco", count=2).then(items={"frasco": 2}),
        act("07 12:00").then(paid={"besitos": 1}),
        act("07 12:00", "item.use", item="frasco").then(items={"frasco": 1}),
        act("07 12:30", "item.use", item="frasco").then(items={"frasco": 0}),
        act("07 13:59").then(paid={"besitos": 2}),
        act("07 14:00").then(paid={"besitos": 1}),
    ),
    case(
        "limits of the rule, then caps, then max_balance; every counter counts what was paid in the end",
        "5, 14.4",
        """
currencies: {besitos: {name: besitos, max_balance: 5}}
rules: {r: {when: message.posted, pays: {besitos: 10}, limit: 8 besitos/day}}
caps: {c: {sources: all, limit: 6 besitos/day}}
""",
        act("07 12:00").then(paid={"besitos": 5}, reasons=["cap.reached", "ledger.max_balance", "limit.reached"]),
        act("07 12:01", "ledger.spend", currency="besitos", amount=5),
        act("07 12:02").then(paid={"besitos": 1}),
    ),
    case(
        "what exceeds max_balance is not paid",
        "8",
        """
currencies: {gemas: {name: gemas, max_balance: 5}}
rules: {r: {when: message.posted, pays: {gemas: 3, xp: 1}}}
""",
        act("07 12:00").then(paid={"gemas": 3, "xp": 1}),
        act("07 12:01").then(paid={"gemas": 2, "xp": 1}, reasons=["ledger.max_balance"]),
        act("07 12:02").then(paid={"xp": 1}, reasons=["ledger.max_balance"]),
    ),
    case(
        "a penalty takes only what is there; one that takes nothing was not paid",
        "5, 14.4",
        "rules: {r: {when: message.posted, pays: {besitos: -5}, limit: 1/ever}}",
        act("07 12:00").then(entries=[]),
        act("07 12:01", "ledger.grant", currency="besitos", amount=3),
        act("07 12:02").then(entries=[("besitos", -3, 0)], types=["PENALTY"]),
        act("07 12:03", "ledger.grant", currency="besitos", amount=3),
        act("07 12:04").then(entries=[], reasons=["limit.reached"]),
    ),
    case(
        "currencies and bonus are paid first, in alphabetical order",
        "14.4",
        """
currencies: {gemas: {name: gemas}, amores: {name: amores}}
rules: {r: {when: message.posted, pays: {xp: 5, gemas: 4, bonus: 3, besitos: 2, amores: 1}}}
""",
        act("07 12:00").then(
            entries=[("amores", 1, 1), ("besitos", 2, 2), ("besitos", 3, 5), ("gemas", 4, 4), ("xp", 5, 5)]
        ),
    ),
    case(
        "a badge given by a payout is given as if earned: it pays and obeys its window",
        "14.4",
        """
rules: {r: {when: message.posted, pays: {badges: [fundadora, tardia]}}}
badges:
  fundadora: {name: Fundadora, kind: special, pays: {besitos: 50}}
  tardia: {name: Tardía, kind: special, from: 2026-12-08, pays: {besitos: 7}}
""",
        act("07 12:00").then(awards=[("fundadora", "")], paid={"besitos": 50}, types=["EARN_ACHIEVEMENT"]),
        act("08 12:00").then(awards=[("tardia", "")], paid={"besitos": 7}),
        act("08 12:01").then(awards=[], paid={}),
    ),
    case(
        "a badge given by a payout counts in its limit",
        "14.4",
        """
rules: {r: {when: message.posted, pays: {badges: [primera]}}}
badges: {primera: {name: Primera, kind: special, limit: 1/ever for all}}
""",
        act("07 12:00").then(awards=[("primera", "")]),
        act("07 12:00", by="bea").then(awards=[], badges=[]),
    ),
    case(
        "something was paid when an item, or a flag or badge not yet held, was given",
        "14.4",
        """
items: {llave: {name: Llave, type: narrative_key}}
rules:
  bandera: {when: message.posted, pays: {flags: [vista]}, limit: 1/ever}
  objeto: {when: message.posted, pays: {items: {llave: 2}}, limit: 2/ever}
badges: {b: {name: B, if: [{flag: vista}, {item: llave, quantity: 4+}]}}
""",
        act("07 12:00").then(items={"llave": 2}, reasons=[]),
        act("07 12:01").then(items={"llave": 4}, reasons=["limit.reached"], awards=[("b", "")]),
        act("07 12:02").then(items={"llave": 4}, reasons=["limit.reached"]),
    ),
    case(
        "a flag that is set already was not paid and uses up no limit",
        "14.4",
        """
rules:
  a: {when: reply.posted, pays: {flags: [vista]}}
  b: {when: message.posted, pays: {flags: [vista]}, limit: 1/day}
""",
        act("07 12:00", "reply.posted"),
        act("07 12:01").then(reasons=[]),
        act("07 12:02").then(reasons=[]),
    ),
    case(
        "bonus expires at the end of its last day, UTC",
        "5, 14.4",
        """
currencies: {besitos: {name: besitos, bonus_expires: 2d}}
rules: {r: {when: message.posted, pays: {bonus: 10, besitos: 1}}}
""",
        act("07 12:00").then(balance={"besitos": 11}),
        wait("09 23:59").then(balance={"besitos": 11}),
        wait("10 00:00").then(balance={"besitos": 1}, types=["EXPIRE"]),
    ),
    case(
        "spending uses the lot that expires first",
        "5",
        """
currencies: {besitos: {name: besitos, bonus_expires: 2d}}
rules: {r: {when: message.posted, pays: {bonus: 10, besitos: 5}}}
""",
        act("07 12:00"),
        act("07 13:00", "ledger.spend", currency="besitos", amount=8).then(balance={"besitos": 7}),
        wait("10 00:00").then(balance={"besitos": 5}, paid={"besitos": -2}),
    ),
    case(
        "VIP time is added after the present end and makes a free member VIP; within grace one still is",
        "5, 14.10",
        """
vip: {grace: 1d}
rules: {r: {when: message.posted, pays: {vip: 2d}}}
""",
        act("07 12:00").then(type="vip"),
        act("07 13:00").then(type="vip"),
        wait("12 11:59").then(type="vip"),
        wait("12 12:00").then(type="free"),
    ),
    case(
        "all of a quarantined payout happens at its release, dated then",
        "8, 14.4",
        """
rules: {r: {when: message.posted, pays: {besitos: 5, badges: [b]}, limit: 1/day, quarantine: 2d}}
badges: {b: {name: B, kind: special, pays: {xp: 1}}}
""",
        act("07 12:00").then(entries=[], awards=[], balance={"besitos": 0}, events={"payout_quarantined": 1}),
        act("07 12:01").then(entries=[], reasons=["limit.reached"]),
        wait("09 11:59").then(balance={"besitos": 0}, badges=[]),
        wait("09 12:00").then(
            balance={"besitos": 5, "xp": 1}, badges=[("b", "")], types=["RELEASE", "EARN_ACHIEVEMENT"]
        ),
    ),
    case(
        "max_balance is read when a payout is made, quarantined or not",
        "14.4",
        """
currencies: {besitos: {name: besitos, max_balance: 5}}
rules:
  a: {when: message.posted, pays: {besitos: 5}, quarantine: 2d}
  b: {when: reply.posted, pays: {besitos: 5}}
""",
        act("07 12:00").then(entries=[]),
        act("07 12:01", "reply.posted").then(paid={"besitos": 5}),
        wait("09 12:00").then(balance={"besitos": 10}),
    ),
)
