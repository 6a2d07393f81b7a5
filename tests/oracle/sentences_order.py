"""§10 and §14 of the language: the order of things, what wakes what, missions, rewards, what falls due."""

from tests.oracle.case import act, case, wait

CHAIN = "metrics: {m: {when: message.posted}}\nbadges:\n  b1: {name: B1, if: {m: 1+}}\n" + "".join(
    f"  b{n}: {{name: B{n}, if: {{badge: b{n - 1}}}}}\n" for n in range(2, 11)
)

DAILY = """
metrics: {m: {when: message.posted}}
missions: {diaria: {name: Diaria, type: daily, repeats: daily, goals: {m: 2+}, pays: {besitos: 20}}}
"""

ONCE = """
metrics: {m: {when: message.posted}}
missions: {una: {name: Una, type: special, goals: {m: 2+}, lasts: 2d, pays: {besitos: 50}}}
"""

REWARD = """
rewards: {r: {name: R, if: {balance: 10+}, pays: {xp: 7}, claim_within: 2d}}
"""

TAKEN = """
metrics: {m: {when: message.posted}}
missions: {diaria: {name: Diaria, type: daily, repeats: daily, assign: taken, goals: {m: 3+}, pays: {besitos: 20}}}
"""

ROUNDS = (
    case(
        "all rules that match pay, in order of key",
        "8",
        """
rules:
  c: {when: message.posted, pays: {besitos: 3}}
  a: {when: message.posted, pays: {besitos: 1}}
  b: {when: message.posted, pays: {besitos: 2}, source: otra}
""",
        act("07 12:00").then(
            entries=[("besitos", 1, 1), ("besitos", 2, 3), ("besitos", 3, 6)],
            causes=["rule/a", "rule/b", "rule/c"],
            types=["EARN_RULE"] * 3,
        ),
    ),
    case(
        "the mechanic of the kind acts before rules pay",
        "10",
        """
daily_gift: {pays: {besitos: 10}}
rules: {a: {when: daily.claim, if: {daily_gifts: 1+}, pays: {besitos: 1}}}
""",
        act("07 12:00", "daily.claim").then(entries=[("besitos", 10, 10), ("besitos", 1, 11)]),
    ),
    case(
        "what a mechanic refuses changes nothing, metrics included",
        "14.1",
        """
daily_gift: {pays: {besitos: 10}}
metrics: {m: {when: daily.claim}}
rules: {a: {when: daily.claim, pays: {xp: 1}}}
badges: {b: {name: B, if: {m: 2+}}}
""",
        act("07 12:00", "daily.claim").then(paid={"besitos": 10, "xp": 1}),
        act("07 12:01", "daily.claim").then(refused="daily_gift.already_claimed", paid={}, awards=[]),
        act("08 12:00", "daily.claim").then(awards=[("b", "")]),
    ),
    case(
        "the activity is the first of eight rounds; what is left is dropped",
        "10, 14.1",
        CHAIN,
        act("07 12:00").then(
            awards=[(f"b{n}", "") for n in range(1, 9)], events={"achievement_unlocked": 8}, reasons=["rounds.too_deep"]
        ),
        act("07 12:01").then(awards=[]),
    ),
    case(
        "what changed within a transaction stays changed for all its later rounds",
        "14.1",
        """
metrics: {m: {when: message.posted}, logros: {when: gamification.achievement_unlocked, where: {badge: a}}}
badges:
  a: {name: A, if: {m: 1+}}
  b: {name: B, if: [{m: 1+}, {flag: vista}]}
rules: {r: {when: gamification.achievement_unlocked, where: {badge: a}, pays: {flags: [vista]}}}
""",
        act("07 12:00").then(awards=[("a", ""), ("b", "")]),
    ),
    case(
        "rules pay for events in the same transaction, and see their metrics counted",
        "10",
        """
metrics: {m: {when: message.posted}, logros: {when: gamification.achievement_unlocked}}
badges:
  a: {name: A, if: {m: 1+}}
  b: {name: B, if: {m: 1+}}
rules: {segundo: {when: gamification.achievement_unlocked, if: {logros: 2..2}, pays: {besitos: 9}}}
""",
        act("07 12:00").then(paid={"besitos": 9}),
    ),
    case(
        "a moving window wakes nothing by itself",
        "14.2",
        """
metrics: {m: {when: message.posted}}
badges: {calma: {name: Calma, if: [{m: 1+}, {m: ..1, in: day}, {balance: 5+}]}}
""",
        act("07 12:00"),
        act("07 12:01"),
        act("07 12:02", "ledger.grant", currency="besitos", amount=5).then(awards=[]),
        wait("09 12:00").then(badges=[]),
        act("09 12:00", "reply.posted").then(awards=[]),
        act("09 12:01", "ledger.grant", currency="besitos", amount=1).then(awards=[("calma", "")]),
    ),
    case(
        "rules obey from, until and paused",
        "2",
        """
rules:
  a: {when: message.posted, from: 2026-12-08, until: 2026-12-09 18:00, pays: {besitos: 1}}
  b: {when: message.posted, paused: true, pays: {besitos: 2}}
""",
        act("07 23:59").then(paid={}),
        act("08 00:00").then(paid={"besitos": 1}),
        act("09 17:59").then(paid={"besitos": 1}),
        act("09 18:00").then(paid={}),
    ),
    case(
        "what is due at one instant comes before an activity of that instant",
        "14.2",
        """
currencies: {besitos: {name: besitos, bonus_expires: 1d}}
rules:
  a: {when: message.posted, pays: {bonus: 10}}
  b: {when: reply.posted, if: {balance: 1+}, pays: {xp: 1}}
""",
        act("07 12:00"),
        act("2026-12-08 23:59:59", "reply.posted").then(paid={"xp": 1}),
        act("09 00:00", "reply.posted").then(paid={}, balance={"besitos": 0}),
    ),
    case(
        "of what is due at one instant, lots come before missions",
        "14.2",
        """
currencies: {besitos: {name: besitos, bonus_expires: 1d}}
metrics: {m: {when: message.posted}}
missions: {diaria: {name: Diaria, type: daily, repeats: daily, if: {balance: 1+}, goals: {m: 9+}, pays: {besitos: 20}}}
rules:
  a: {when: message.posted, pays: {bonus: 10}, limit: 1/ever}
  b: {when: gamification.mission_expired, if: {balance: ..0}, pays: {xp: 1}}
  c: {when: gamification.besitos_expired, if: {mission: diaria}, pays: {xp: 100}}
""",
        act("07 12:00"),
        act("08 12:00"),
        wait("09 00:00").then(paid={"besitos": -10, "xp": 1}, events={"mission_expired": 1, "besitos_expired": 1}),
    ),
    case(
        "an activity that is refused brings no automatic gift",
        "14.1",
        """
daily_gift: {pays: {besitos: 10}, auto: true}
rewards: {r: {name: R, if: {balance: 100+}, pays: {xp: 1}}}
""",
        act("07 12:00", "reward.claim", reward="r").then(refused=True, paid={}),
        act("07 12:01").then(paid={"besitos": 10}),
    ),
    case(
        "an event of another currency carries its name, and payments wake rules",
        "4",
        """
currencies: {gemas: {name: gemas}}
rules:
  a: {when: message.posted, pays: {gemas: 3, xp: 2}}
  b: {when: gamification.besitos_earned, where: {currency: gemas, amount: 3+}, pays: {besitos: 1}, limit: 1/day}
  c: {when: gamification.xp_earned, where: {amount: 2}, pays: {besitos: 10}}
""",
        act("07 12:00").then(paid={"gemas": 3, "xp": 2, "besitos": 11}),
    ),
    case(
        "a boosted badge of a badge pays once, each under its own cause",
        "10",
        """
metrics: {m: {when: message.posted}}
badges:
  a: {name: A, if: {m: 1+}, pays: {besitos: 10}}
  b: {name: B, if: {earned: 10+}, pays: {besitos: 5}}
boosts: {doble: {name: Doble, multiply: 2, sources: [badge]}}
""",
        act("07 12:00").then(entries=[("besitos", 20, 20), ("besitos", 10, 30)], causes=["badge/a", "badge/b"]),
    ),
)

MISSIONS = (
    case(
        "a daily mission is assigned at the first activity, which counts, and begins anew the next day",
        "8, 14.3",
        DAILY,
        act("07 12:00").then(missions={"diaria": ["active"]}, events={"mission_assigned": 1}),
        act("07 12:01").then(missions={"diaria": ["completed"]}, paid={"besitos": 20}, types=["EARN_MISSION"]),
        act("07 12:02").then(missions={"diaria": ["completed"]}, paid={}),
        wait("08 12:00").then(missions={"diaria": ["completed"]}),
        act("08 12:00").then(missions={"diaria": ["completed", "active"]}, paid={}),
    ),
    case(
        "unfinished at its end: expired, nothing carried over",
        "8",
        DAILY,
        act("07 12:00"),
        wait("07 23:59").then(missions={"diaria": ["active"]}),
        wait("08 00:00").then(missions={"diaria": ["expired"]}, events={"mission_expired": 1}),
        act("08 12:00").then(paid={}, missions={"diaria": ["expired", "active"]}),
        act("08 12:01").then(paid={"besitos": 20}),
    ),
    case(
        "repeats decides, type is a label; once is one assignment, expired or not",
        "14.3",
        ONCE.replace("special", "daily"),
        act("07 12:00").then(missions={"una": ["active"]}),
        wait("09 11:59").then(missions={"una": ["active"]}),
        wait("09 12:00").then(missions={"una": ["expired"]}),
        act("09 12:01").then(missions={"una": ["expired"]}),
    ),
    case(
        "assigned before the metrics change when if holds; if this activity makes it hold, only later ones count",
        "14.3",
        """
metrics: {m: {when: message.posted}}
missions:
  ya: {name: Ya, type: special, goals: {m: 1+}, pays: {besitos: 1}}
  luego: {name: Luego, type: special, if: {m: 2+}, goals: {m: 1+}, pays: {xp: 1}}
""",
        act("07 12:00").then(paid={"besitos": 1}),
        act("07 12:01").then(paid={}, missions={"luego": ["active"]}),
        act("07 12:02").then(paid={"xp": 1}),
    ),
    case(
        "it ends at the earliest of its period, lasts and until",
        "14.3",
        """
metrics: {m: {when: message.posted}}
missions:
  a: {name: A, type: weekly, repeats: weekly, goals: {m: 9+}, pays: {besitos: 1}}
  b: {name: B, type: weekly, repeats: weekly, lasts: 3d, goals: {m: 9+}, pays: {besitos: 1}}
  c: {name: C, type: special, until: 2026-12-08 06:00, lasts: 3d, goals: {m: 9+}, pays: {besitos: 1}}
""",
        act("07 12:00"),
        wait("08 05:59").then(missions={"a": ["active"], "b": ["active"], "c": ["active"]}),
        wait("08 06:00").then(missions={"a": ["active"], "b": ["active"], "c": ["expired"]}),
        wait("10 12:00").then(missions={"a": ["active"], "b": ["expired"]}),
        wait("14 00:00").then(missions={"a": ["expired"], "b": ["expired"]}),
    ),
    case(
        "goals are measured within the mission, possessions as they stand",
        "8",
        """
metrics: {m: {when: message.posted}, largo: {when: message.posted, max: length}}
missions:
  taken: {name: Tomada, type: special, assign: taken, goals: [{m: 1+}, {largo: ..5}, {flag: vista}], pays: {besitos: 9}}
rules: {r: {when: reply.posted, pays: {flags: [vista]}}}
""",
        act("07 12:00", length=50),
        act("07 12:01", "reply.posted"),
        act("07 12:02", "mission.take", mission="taken").then(missions={"taken": ["active"]}),
        act("07 12:03", length=5).then(paid={"besitos": 9}),
    ),
    case(
        "a taken daily mission is measured from the beginning of the day",
        "14.3",
        TAKEN,
        act("06 23:59"),
        act("07 00:00"),
        act("07 12:00"),
        act("07 12:01", "mission.take", mission="diaria").then(missions={"diaria": ["active"]}),
        act("07 12:02").then(paid={"besitos": 20}),
        act("07 12:03", "mission.take", mission="diaria").then(refused=True),
        act("08 12:00", "mission.take", mission="diaria").then(missions={"diaria": ["completed", "active"]}),
    ),
    case(
        "if says who gets a mission, also of those who would take it",
        "8",
        """
missions:
  vip: {name: VIP, type: special, if: {member: vip}, goals: {reactions: 1+}, pays: {besitos: 1}}
  toma: {name: Toma, type: special, assign: taken, if: {member: vip}, goals: {reactions: 1+}, pays: {besitos: 1}}
""",
        act("07 12:00").then(missions={"vip": []}),
        act("07 12:01", "mission.take", mission="toma").then(refused=True),
        act("07 12:02", "member.vip", lasts="7d").then(missions={"vip": ["active"]}),
        act("07 12:03", "mission.take", mission="toma").then(missions={"toma": ["active"]}),
    ),
    case(
        "a completed mission is a possession and counts",
        "4, 6",
        DAILY
        + """
badges:
  hecha: {name: Hecha, if: {mission: diaria}}
  dos: {name: Dos, if: {missions_completed: 2+}}
""",
        act("07 12:00"),
        act("07 12:01").then(awards=[("hecha", "")]),
        act("08 12:00"),
        act("08 12:01").then(awards=[("dos", "")]),
    ),
    case(
        "a late activity counts in the mission of its own day, not in today's",
        "8",
        DAILY,
        act("08 12:00").then(missions={"diaria": ["active"]}),
        act("07 23:00").then(missions={"diaria": ["active"]}, paid={}),
        act("08 12:01").then(paid={"besitos": 20}),
    ),
    case(
        "a mission out of play is not assigned",
        "2, 8",
        """
metrics: {m: {when: message.posted}}
missions:
  futura: {name: Futura, type: special, from: 2026-12-08, goals: {m: 2+}, pays: {besitos: 1}}
  parada: {name: Parada, type: special, paused: true, goals: {m: 1+}, pays: {besitos: 1}}
""",
        act("07 12:00").then(missions={"futura": [], "parada": []}),
        act("08 12:00").then(missions={"futura": ["active"]}, paid={}),
        act("08 12:01").then(paid={"besitos": 1}),
    ),
)

REWARDS = (
    case(
        "a reward is unlocked when its condition holds, claimed within its time, once",
        "8",
        REWARD,
        act("07 11:00", "reward.claim", reward="r").then(refused=True, rewards={"r": "LOCKED"}),
        act("07 12:00", "ledger.grant", currency="besitos", amount=10).then(
            rewards={"r": "UNLOCKED"}, events={"reward_unlocked": 1}
        ),
        act("07 12:01", "reward.claim", reward="r").then(
            rewards={"r": "CLAIMED"}, entries=[("xp", 7, 7)], types=["EARN_REWARD"], causes=["reward/r"]
        ),
        act("07 12:02", "reward.claim", reward="r").then(refused=True, paid={}),
        act("07 12:03").then(rewards={"r": "CLAIMED"}),
    ),
    case(
        "once unlocked it stays so, even if a condition falls again",
        "8",
        REWARD,
        act("07 12:00", "ledger.grant", currency="besitos", amount=10),
        act("07 12:01", "ledger.spend", currency="besitos", amount=10).then(rewards={"r": "UNLOCKED"}),
        act("07 12:02", "reward.claim", reward="r").then(paid={"xp": 7}),
    ),
    case(
        "not claimed in time it is EXPIRED, and one that is not repeatable stays so",
        "8",
        REWARD,
        act("07 12:00", "ledger.grant", currency="besitos", amount=10),
        wait("09 11:59").then(rewards={"r": "UNLOCKED"}),
        wait("09 12:00").then(rewards={"r": "EXPIRED"}, events={"reward_expired": 1}),
        act("09 12:00", "reward.claim", reward="r").then(refused=True),
        act("09 12:01").then(rewards={"r": "EXPIRED"}),
    ),
    case(
        "a repeatable one unlocks anew at the member's next activity, when its limit allows",
        "8, 14.2",
        "rewards: {r: {name: R, if: {balance: 10+}, pays: {xp: 7}, claim_within: 2d, limit: 1/week}}",
        act("07 12:00", "ledger.grant", currency="besitos", amount=10),
        act("07 12:01", "reward.claim", reward="r").then(rewards={"r": "CLAIMED"}),
        act("13 12:00").then(rewards={"r": "CLAIMED"}),
        wait("14 12:00").then(rewards={"r": "CLAIMED"}),
        act("14 12:00").then(rewards={"r": "UNLOCKED"}),
        wait("16 12:00").then(rewards={"r": "EXPIRED"}),
        act("16 12:01").then(rewards={"r": "UNLOCKED"}),
    ),
    case(
        "a claim that leaves room for another does not unlock anew by itself",
        "14.2",
        "rewards: {r: {name: R, if: {balance: 10+}, pays: {xp: 7}, limit: 2/day}}",
        act("07 12:00", "ledger.grant", currency="besitos", amount=10),
        act("07 12:01", "reward.claim", reward="r").then(rewards={"r": "CLAIMED"}),
        act("07 12:02").then(rewards={"r": "UNLOCKED"}),
        act("07 12:03", "reward.claim", reward="r").then(paid={"xp": 7}),
        act("07 12:04").then(rewards={"r": "CLAIMED"}),
    ),
    case(
        "a community limit that fills while a reward is UNLOCKED leaves it so and refuses the claim",
        "14.10",
        "rewards: {r: {name: R, if: {balance: 10+}, pays: {xp: 7}, limit: [1/ever, 1/day for all]}}",
        act("07 12:00", "ledger.grant", by="ana", currency="besitos", amount=10),
        act("07 12:00", "ledger.grant", by="bea", currency="besitos", amount=10),
        act("07 12:01", "reward.claim", by="ana", reward="r").then(paid={"xp": 7}),
        act("07 12:02", "reward.claim", by="bea", reward="r").then(
            refused="limit.reached", paid={}, rewards={"r": "UNLOCKED"}
        ),
        act("08 00:00", "reward.claim", by="bea", reward="r").then(paid={"xp": 7}),
    ),
    case(
        "a reward whose community limit is full does not unlock until it allows",
        "8, 14.10",
        "rewards: {r: {name: R, if: {balance: 10+}, pays: {xp: 7}, limit: [1/ever, 1/day for all]}}",
        act("07 12:00", "ledger.grant", by="ana", currency="besitos", amount=10),
        act("07 12:01", "reward.claim", by="ana", reward="r"),
        act("07 12:02", "ledger.grant", by="bea", currency="besitos", amount=10).then(rewards={"r": "LOCKED"}),
        act("08 00:00", by="bea").then(rewards={"r": "UNLOCKED"}),
    ),
    case(
        "rewards are read at every activity of the member: from wakes nothing, the next activity does",
        "14.2",
        "rewards: {r: {name: R, from: 2026-12-08, pays: {xp: 7}}}",
        act("07 12:00").then(rewards={"r": "LOCKED"}),
        wait("08 12:00").then(rewards={"r": "LOCKED"}),
        act("08 12:00").then(rewards={"r": "UNLOCKED"}),
    ),
    case(
        "a reward claimed is a possession, and is counted",
        "4, 6",
        """
rewards: {r: {name: R, pays: {xp: 7}}}
badges: {a: {name: A, if: {reward: r}}, b: {name: B, if: {rewards_claimed: 1+}}}
""",
        act("07 12:00").then(rewards={"r": "UNLOCKED"}, awards=[]),
        act("07 12:01", "reward.claim", reward="r").then(badges=[("a", ""), ("b", "")]),
    ),
)

CASES = ROUNDS + MISSIONS + REWARDS
