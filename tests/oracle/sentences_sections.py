"""§8 of the language: the daily gift, levels, grades, badges, modules, leaderboards."""

from tests.oracle.case import act, case, wait

CASES = (
    case(
        "the gift of the day is claimed once a day of UTC by default",
        "8",
        """
game: {name: Juego, zone: America/Mexico_City}
daily_gift: {pays: {besitos: 10, xp: 5}}
""",
        act("07 23:59", "daily.claim").then(paid={"besitos": 10, "xp": 5}, types=["EARN_DAILY", "EARN_DAILY"]),
        act("07 23:59", "daily.claim").then(refused="daily_gift.already_claimed", paid={}),
        act("08 00:00", "daily.claim").then(paid={"besitos": 10, "xp": 5}),
    ),
    case(
        "the gift's day may be the game's",
        "8",
        """
game: {name: Juego, zone: America/Mexico_City, day_begins: 4}
daily_gift: {pays: {besitos: 10}, day: game}
""",
        act("07 10:00", "daily.claim"),
        act("08 09:59", "daily.claim").then(refused="daily_gift.already_claimed"),
        act("08 10:00", "daily.claim").then(paid={"besitos": 10}),
    ),
    case(
        "the gift's day may be the member's, whose own zone counts from the next one",
        "8, 14.7",
        "daily_gift: {pays: {besitos: 10}, day: member}",
        act("07 12:00", "daily.claim"),
        act("07 12:01", "member.zone", zone="Asia/Tokyo"),
        act("07 15:00", "daily.claim").then(refused="daily_gift.already_claimed"),
        act("08 00:00", "daily.claim").then(paid={"besitos": 10}),
        act("08 14:59", "daily.claim").then(refused="daily_gift.already_claimed"),
        act("08 15:00", "daily.claim").then(paid={"besitos": 10}),
    ),
    case(
        "an automatic gift comes with the first activity of the day, before its metrics and rules",
        "8, 10",
        """
daily_gift: {pays: {besitos: 10}, auto: true}
rules: {r: {when: message.posted, if: {balance: 10+}, pays: {besitos: 1}}}
""",
        act("07 12:00").then(entries=[("besitos", 10, 10), ("besitos", 1, 11)]),
        act("07 12:01").then(entries=[("besitos", 1, 12)]),
        act("08 00:00").then(entries=[("besitos", 10, 22), ("besitos", 1, 23)]),
    ),
    case(
        "the automatic gift counts in daily_gifts and is announced, but is no activity daily.claim",
        "14.1",
        """
daily_gift: {pays: {besitos: 10}, auto: true}
rules:
  reclamo: {when: daily.claim, pays: {besitos: 100}}
  anuncio: {when: gamification.daily_claimed, pays: {xp: 1}}
badges: {b: {name: B, if: {daily_gifts: 1+}}}
""",
        act("07 12:00").then(paid={"besitos": 10, "xp": 1}, awards=[("b", "")]),
    ),
    case(
        "the gift is for those who meet its condition",
        "8",
        """
daily_gift: {pays: {besitos: 10}, if: {member: vip}}
""",
        act("07 12:00", "daily.claim").then(refused=True),
        act("07 12:01", "member.vip", lasts="7d"),
        act("07 12:02", "daily.claim").then(paid={"besitos": 10}),
    ),
    case(
        "linear: level n takes N·(n-1) of what was earned in a life",
        "8",
        "levels: {curve: {linear: 100}}",
        act("07 12:00", "ledger.grant", currency="besitos", amount=99).then(level=1),
        act("07 12:01", "ledger.spend", currency="besitos", amount=99),
        act("07 12:02", "ledger.grant", currency="besitos", amount=1).then(level=2),
        act("07 12:03", "ledger.grant", currency="besitos", amount=200).then(level=4),
    ),
    case(
        "exponential: level n takes B·G^(n-2), rounded down, in exact decimals",
        "8",
        "levels: {curve: {exponential: {base: 100, growth: 1.1}}}",
        act("07 12:00", "ledger.grant", currency="besitos", amount=100).then(level=2),
        act("07 12:01", "ledger.grant", currency="besitos", amount=9).then(level=2),
        act("07 12:02", "ledger.grant", currency="besitos", amount=1).then(level=3),
        act("07 12:03", "ledger.grant", currency="besitos", amount=10).then(level=3),
        act("07 12:04", "ledger.grant", currency="besitos", amount=1).then(level=4),
        act("07 12:05", "ledger.grant", currency="besitos", amount=12).then(level=5),
    ),
    case(
        "a table takes what its steps say; top is the last level",
        "8",
        """
levels:
  curve: {table: true}
  currency: xp
  top: 3
  steps: {2: {at: 10}, 3: {at: 15}}
""",
        act("07 12:00", "ledger.grant", currency="xp", amount=9).then(level=1),
        act("07 12:01", "ledger.grant", currency="xp", amount=1).then(level=2),
        act("07 12:02", "ledger.grant", currency="xp", amount=50).then(level=3),
    ),
    case(
        "several levels at once are paid and announced one by one, in order; a step pays besides",
        "8, 14.8",
        """
levels:
  curve: {linear: 10}
  currency: xp
  pays: {besitos: 1}
  steps: {3: {name: Tres, pays: {besitos: 5}}}
""",
        act("07 12:00", "ledger.grant", currency="xp", amount=30).then(
            level=4,
            entries=[("xp", 30, 30), ("besitos", 1, 1), ("besitos", 1, 2), ("besitos", 5, 7), ("besitos", 1, 8)],
            types=["EARN_ADMIN", *["EARN_LEVEL"] * 4],
            events={"level_up": 3},
        ),
    ),
    case(
        "what levels pay counts in the next round",
        "14.8",
        "levels: {curve: {linear: 10}, pays: {besitos: 10}, top: 4}",
        act("07 12:00", "ledger.grant", currency="besitos", amount=10).then(
            level=4, paid={"besitos": 40}, events={"level_up": 3}
        ),
    ),
    case(
        "the grade is the highest by XP whose for fits, and the first one is no event",
        "8, 14.8",
        """
grades:
  nueva: {name: Nueva, min_xp: 0}
  amiga: {name: Amiga, min_xp: 10}
  mentora: {name: Mentora, min_xp: 20, for: vip}
""",
        act("07 12:00").then(grade="nueva", events={"grade_changed": 0}),
        act("07 12:01", "ledger.grant", currency="xp", amount=25).then(grade="amiga", events={"grade_changed": 1}),
        act("07 12:02", "member.vip", lasts="1d").then(grade="mentora", events={"grade_changed": 1}),
        wait("10 00:00").then(grade="amiga", type="free"),
    ),
    case(
        "a badge with per is given once for each value, with once only for the first",
        "8",
        """
metrics: {del_modulo: {when: message.posted, per: module}}
badges:
  experto: {name: Experto, kind: module_expert, per: module, if: {del_modulo: 2+}, pays: {besitos: 5}}
  primer_experto: {name: Primer experto, per: module, once: true, if: {del_modulo: 2+}, pays: {besitos: 7}}
""",
        act("07 12:00", module="m1"),
        act("07 12:01", module="m1").then(paid={"besitos": 12}, events={"achievement_unlocked": 2}),
        act("07 12:02", module="m1").then(paid={}),
        act("07 12:03", module="m2"),
        act("07 12:04", module="m2").then(paid={"besitos": 5}, awards=[("experto", "m2")]),
    ),
    case(
        "a special badge is never earned",
        "8",
        "badges: {fundadora: {name: Fundadora, kind: special, pays: {besitos: 5}}}",
        act("07 12:00").then(awards=[]),
        act("07 12:01", "badge.give", badge="fundadora").then(awards=[("fundadora", "")], paid={"besitos": 5}),
        act("07 12:02", "badge.give", badge="fundadora").then(refused=True, awards=[], paid={}),
    ),
    case(
        "a milestone is a fact for other metrics to count",
        "8",
        """
metrics:
  del_modulo: {when: message.posted, per: module}
  hitos: {when: gamification.achievement_unlocked, where: {badge: hito}}
badges:
  hito: {name: Hito, kind: milestone, per: module, if: {del_modulo: 1+}}
  viajera: {name: Viajera, if: {hitos: 2+}}
""",
        act("07 12:00", module="m1").then(awards=[("hito", "m1")]),
        act("07 12:01", module="m2").then(awards=[("hito", "m2"), ("viajera", "")]),
    ),
    case(
        "a badge out of play is not given, and is when something it asks changes later",
        "2, 14.2",
        """
metrics: {m: {when: message.posted}}
badges:
  tarde: {name: Tarde, if: {m: 1+}, from: 2026-12-08}
  pausada: {name: Pausada, if: {m: 1+}, paused: true}
""",
        act("07 12:00").then(awards=[]),
        wait("08 12:00").then(badges=[]),
        act("08 12:00", "reply.posted").then(awards=[]),
        act("08 12:01").then(awards=[("tarde", "")]),
    ),
    case(
        "a module is in progress from the first activity that names it, and completed by its condition",
        "8, 14.8",
        """
metrics: {del_modulo: {when: message.posted, per: module}}
modules:
  m1: {name: Uno, completed_if: {del_modulo: 2+, at: m1}, pays: {xp: 9}}
badges: {b: {name: B, if: {module: m1}}}
""",
        act("07 12:00", module="m1").then(modules={"m1": "InProgress"}),
        act("07 12:01", module="m1").then(
            modules={"m1": "Completed"}, paid={"xp": 9}, events={"module_completed": 1}, awards=[("b", "")]
        ),
        act("07 12:02", module="m1").then(paid={}, events={"module_completed": 0}),
    ),
    case(
        "ties share a rank: 1, 2, 2, 4; only values above 0 stand on a board",
        "14.9",
        """
metrics: {m: {when: message.posted, sum: length}}
leaderboards: {charla: {name: Charla, by: m}}
""",
        act("07 12:00", by="ana", length=3),
        act("07 12:00", by="bea", length=5),
        act("07 12:00", by="eva", length=3),
        act("07 12:00", by="lola", length=1),
        act("07 12:00", by="mar", length=0).then(
            board={"charla": [(1, "bea", 5), (2, "ana", 3), (2, "eva", 3), (4, "lola", 1)]}
        ),
    ),
    case(
        "a board of a week counts that week, and its end pays each the prize of the shared rank",
        "8, 14.9",
        """
metrics: {m: {when: message.posted}}
leaderboards: {semana: {name: Semana, by: m, every: week, prizes: {1: {besitos: 100}, 2..3: {besitos: 10}}}}
""",
        act("06 23:59", by="lola"),
        act("07 12:00", by="ana"),
        act("07 12:01", by="ana"),
        act("07 12:02", by="bea"),
        act("07 12:03", by="eva").then(board={"semana": [(1, "ana", 2), (2, "bea", 1), (2, "eva", 1)]}),
        wait("13 23:59", by="ana").then(balance={"besitos": 0}),
        wait("14 00:00", by="ana").then(balance={"besitos": 100}, types=["PRIZE"]),
        wait("14 00:01", by="bea").then(balance={"besitos": 10}),
        wait("14 00:01", by="eva").then(balance={"besitos": 10}),
        wait("14 00:01", by="lola").then(balance={"besitos": 100}),
    ),
    case(
        "a board by a number of now shows now",
        "14.9",
        """
levels: {curve: {linear: 10}}
leaderboards: {nivel: {name: Nivel, by: level, every: day}}
""",
        act("07 12:00", "ledger.grant", currency="besitos", amount=25),
        act("09 12:00", by="bea").then(board={"nivel": [(1, "ana", 3), (2, "bea", 1)]}),
    ),
    case(
        "a season counts from its from to its until",
        "8",
        """
metrics: {m: {when: message.posted}}
leaderboards:
  temporada: {name: Temporada, by: m, every: season, from: 2026-12-08, until: 2026-12-10, prizes: {1: {xp: 7}}}
""",
        act("07 12:00"),
        act("08 12:00", by="bea").then(board={"temporada": [(1, "bea", 1)]}),
        wait("10 00:00", by="bea").then(balance={"xp": 7}),
        wait("10 00:01", by="ana").then(balance={"xp": 0}),
        act("10 12:00", by="ana").then(board={"temporada": [(1, "bea", 1)]}),
    ),
)
