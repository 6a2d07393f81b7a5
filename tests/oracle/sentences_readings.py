"""Sentences that can be read twice, as they are read: what is held, what is read when, what is late."""

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
        "what the reading of conditions changes is read after the next event",
        "10",
        """
metrics: {m: {when: message.posted}}
badges:
  a: {name: A, if: {m: 1+}, pays: {besitos: 1}}
  b: {name: B, if: {badge: a}, pays: {besitos: 2}}
missions: {c: {name: C, type: special, goals: {badge: a}, pays: {besitos: 4}}}
rules: {r: {when: gamification.besitos_earned, limit: 1/day, pays: {besitos: 8}}}
""",
        act("07 11:00", "reply.posted"),
        act("07 12:00").then(causes=["badge/a", "rule/r", "badge/b", "mission/c"]),
    ),
    case(
        "what was read in one round is read again in the next only if what it asks has changed again",
        "14",
        """
metrics: {m: {when: message.posted}}
badges:
  a: {name: A, if: {m: 1+}}
  b: {name: B, if: {badge: a}}
missions: {c: {name: C, type: special, goals: {badge: b}, pays: {besitos: 4}}}
rules: {r: {when: gamification.achievement_unlocked, where: {badge: a}, pays: {besitos: 8}}}
""",
        act("07 12:00").then(causes=["rule/r", "mission/c"]),
    ),
    case(
        "a bonus of a streak is boosted as the member was before it grew",
        "5",
        """
streaks: {racha: {name: Racha, when: message.posted, every: day, bonuses: {2: {besitos: 10}, 3: {besitos: 10}}}}
boosts: {x: {name: X, multiply: 2, if: {streak: 2+}}}
""",
        act("07 12:00"),
        act("08 12:00").then(paid={"besitos": 10}),
        act("09 12:00").then(paid={"besitos": 20}),
    ),
    case(
        "what a level pays is boosted as the member was before it was reached",
        "5",
        """
levels: {curve: {linear: 10}, pays: {xp: 10}}
boosts: {x: {name: X, multiply: 2, currency: xp, if: {level: 2+}}}
rules: {r: {when: message.posted, pays: {besitos: 10}}}
""",
        act("07 12:00").then(paid={"besitos": 10, "xp": 10}),
        act("07 12:01").then(paid={"besitos": 10, "xp": 20}),
    ),
    case(
        "member_type is what the member is when a rule is asked, as `member` is",
        "4",
        """
rules:
  a: {when: message.posted, pays: {vip: 1d}}
  b: {when: message.posted, where: {member_type: free}, pays: {besitos: 1}}
  c: {when: message.posted, if: {member: free}, pays: {besitos: 2}}
  d: {when: message.posted, where: {member_type: vip}, pays: {besitos: 4}}
""",
        act("07 12:00").then(paid={"besitos": 4}),
    ),
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
    case(
        "a mission that an activity brings is completed at once if all it asks for is held by then",
        "8, 14",
        """
items: {llave: {name: Llave, type: narrative_key}}
metrics: {m: {when: message.posted}}
rules: {r: {when: message.posted, pays: {items: {llave: 1}, flags: [visto]}}}
missions:
  a: {name: A, type: special, if: {flag: visto}, goals: {item: llave}, pays: {besitos: 4}}
  b: {name: B, type: special, if: {flag: visto}, goals: [{item: llave}, {m: 1+}], pays: {besitos: 8}}
""",
        act("07 12:00").then(paid={"besitos": 4}, missions={"a": ["completed"], "b": ["active"]}),
        act("07 12:01").then(paid={"besitos": 8}),
    ),
    case(
        "best_streak changes when there is a longer one, and not with every day of a run",
        "4, 14",
        """
streaks: {racha: {name: Racha, when: message.posted, every: day}}
badges: {b: {name: B, if: {best_streak: 2+}, from: 2026-12-11}}
""",
        act("07 12:00"),
        act("08 12:00"),
        act("11 12:00").then(awards=[], streaks={"racha": {"length": 1, "best": 2}}),
        act("12 12:00").then(awards=[]),
        act("13 12:00").then(awards=[("b", "")]),
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
    case(
        "where no run is under way a late activity begins one on its day, and what came after that day is decided then",
        "14",
        """
streaks: {racha: {name: Racha, when: message.posted, every: day}}
""",
        act("07 12:00", "reply.posted"),
        act("09 12:00", "reply.posted"),
        act("08 12:00").then(streaks={"racha": {"length": 1, "best": 1}}, events={"streak_extended": 1}),
        act("09 13:00").then(streaks={"racha": {"length": 2, "best": 2}}),
        act("12 12:00", "reply.posted").then(streaks={"racha": {"length": 0, "best": 2}}),
        act("10 12:00").then(streaks={"racha": {"length": 0}}),
        act("11 12:00").then(streaks={"racha": {"length": 1}}),
    ),
    case(
        "a late activity begins the mission that it would have begun in time, and counts for it",
        "14",
        """
metrics: {m: {when: message.posted}}
missions: {d: {name: D, type: daily, repeats: daily, goals: {m: 1+}, lasts: 5h, pays: {besitos: 4}}}
""",
        act("07 12:00", "reply.posted").then(missions={"d": ["active"]}),
        act("09 12:00", "reply.posted", by="bea"),
        act("08 12:00").then(paid={"besitos": 4}, missions={"d": ["expired", "completed"]}),
        act("08 13:00").then(paid={}),
    ),
    case(
        "what a late activity is paid counts in its own day for missions that repeat, and now for others",
        "14",
        """
rules: {r: {when: message.posted, pays: {besitos: 5}}}
missions:
  diaria: {name: D, type: daily, repeats: daily, goals: {earned: 12+}, pays: {xp: 1}}
  una: {name: U, type: special, goals: {earned: 12+}, pays: {xp: 2}}
""",
        act("08 12:00").then(paid={"besitos": 5}),
        act("07 12:00").then(paid={"besitos": 5}),
        act("08 13:00").then(paid={"besitos": 5, "xp": 2}),
    ),
)
