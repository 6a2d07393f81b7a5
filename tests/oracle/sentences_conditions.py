"""§6 of the language: conditions, periods, values, and what is said of what is missing."""

from tests.oracle.case import act, case

HEARTS = """
activities:
  heart.received: {attributes: {post: text}}
  photo.shared: {attributes: {post: text}}
"""

CASES = (
    case(
        "all plain lines must hold",
        "6",
        """
metrics: {mensajes: {when: message.posted}, respuestas: {when: reply.posted}}
badges: {ambas: {name: Ambas, if: [{mensajes: 1+}, {respuestas: 1+}]}}
""",
        act("07 12:00").then(awards=[]),
        act("07 12:01", "reply.posted").then(awards=[("ambas", "")]),
    ),
    case(
        "of every any at least one fact must hold",
        "6",
        """
metrics: {a: {when: message.posted}, b: {when: reply.posted}, c: {when: media.shared}, d: {when: live.commented}}
badges: {grupos: {name: Grupos, if: [{any: [{a: 1+}, {b: 1+}]}, {any: [{c: 1+}, {d: 1+}]}]}}
""",
        act("07 12:00").then(awards=[]),
        act("07 12:01", "reply.posted").then(awards=[]),
        act("07 12:02", "live.commented").then(awards=[("grupos", "")]),
    ),
    case(
        "not turns round one possession or metric",
        "6",
        """
metrics: {mensajes: {when: message.posted}}
badges:
  a: {name: A, if: {mensajes: 2+}}
  b: {name: B, if: [{mensajes: 1+}, {not: {mensajes: 3+}}, {not: {badge: a}}]}
rules: {r: {when: message.posted, if: {not: {badge: a}}, pays: {besitos: 1}}}
""",
        act("07 12:00").then(awards=[("b", "")], paid={"besitos": 1}),
        act("07 12:01").then(awards=[("a", "")], paid={"besitos": 1}),
        act("07 12:02").then(paid={}),
    ),
    case(
        "both ends of a range are in it",
        "6",
        """
metrics: {m: {when: message.posted}}
rules:
  al_menos: {when: message.posted, if: {m: 3+}, pays: {besitos: 1}}
  como_mucho: {when: message.posted, if: {m: ..2}, pays: {besitos: 2}}
  justo: {when: message.posted, if: {m: 2..3}, pays: {besitos: 4}}
""",
        act("07 12:00").then(paid={"besitos": 2}),
        act("07 12:01").then(paid={"besitos": 6}),
        act("07 12:02").then(paid={"besitos": 5}),
        act("07 12:03").then(paid={"besitos": 1}),
    ),
    case(
        "conditions of a rule see the metrics with this activity counted",
        "8",
        """
metrics: {comentarios: {when: live.commented}}
rules: {tercero: {when: live.commented, if: {comentarios: 3..3}, pays: {besitos: 1}}}
""",
        act("07 12:00", "live.commented").then(paid={}),
        act("07 12:01", "live.commented").then(paid={}),
        act("07 12:02", "live.commented").then(paid={"besitos": 1}),
        act("07 12:03", "live.commented").then(paid={}),
    ),
    case(
        "an item in the backpack, by default one",
        "6",
        """
items: {llave: {name: Llave, type: narrative_key}}
rules:
  una: {when: message.posted, if: {item: llave}, pays: {besitos: 1}}
  tres: {when: message.posted, if: {item: llave, quantity: 3+}, pays: {besitos: 2}}
  pocas: {when: message.posted, if: {item: llave, quantity: ..1}, pays: {besitos: 4}}
""",
        act("07 12:00").then(paid={"besitos": 4}),
        act("07 12:01", "item.give", item="llave", count=1),
        act("07 12:02").then(paid={"besitos": 5}),
        act("07 12:03", "item.give", item="llave", count=2),
        act("07 12:04").then(paid={"besitos": 3}),
    ),
    case(
        "a grade holds for a higher one too",
        "6",
        """
grades:
  uno: {name: Uno, min_xp: 0}
  dos: {name: Dos, min_xp: 10}
  tres: {name: Tres, min_xp: 20}
rules: {r: {when: message.posted, if: {grade: dos}, pays: {besitos: 1}}}
""",
        act("07 12:00").then(paid={}, grade="uno"),
        act("07 12:01", "ledger.grant", currency="xp", amount=25).then(grade="tres"),
        act("07 12:02").then(paid={"besitos": 1}),
    ),
    case(
        "a metric in a calendar period is of the present one",
        "6",
        """
metrics: {mensajes: {when: message.posted}}
badges: {tarde: {name: Tarde, if: {mensajes: 3+, in: day}}}
""",
        act("07 12:00"),
        act("07 12:01"),
        act("08 12:00").then(awards=[]),
        act("08 12:01").then(awards=[]),
        act("08 12:02").then(awards=[("tarde", "")]),
    ),
    case(
        "a week begins on Monday, a month on the first",
        "3, 6",
        """
metrics: {m: {when: message.posted}}
rules:
  semana: {when: message.posted, if: {m: 2+, in: week}, pays: {besitos: 1}}
  mes: {when: message.posted, if: {m: 3+, in: month}, pays: {xp: 1}}
""",
        act("2026-11-30 12:00"),
        act("06 23:59").then(paid={"besitos": 1}),
        act("07 00:00").then(paid={}),
        act("13 23:59").then(paid={"besitos": 1, "xp": 1}),
    ),
    case(
        "a metric in 2h is kept by the minute, the oldest bucket counting whole",
        "7, 14.5",
        """
metrics: {m: {when: message.posted}}
rules: {r: {when: message.posted, if: {m: 2+, in: 2h}, pays: {besitos: 1}}}
""",
        act("2026-12-07 12:00:05").then(paid={}),
        act("2026-12-07 14:00:50").then(paid={"besitos": 1}),
        act("2026-12-07 16:01:00").then(paid={}),
    ),
    case(
        "a metric in 7d is kept by the hour, the oldest bucket counting whole",
        "7, 14.5",
        """
metrics: {m: {when: message.posted}}
rules: {r: {when: message.posted, if: {m: 2+, in: 7d}, pays: {besitos: 1}}}
""",
        act("07 12:05").then(paid={}),
        act("14 12:59").then(paid={"besitos": 1}),
        act("21 13:00").then(paid={}),
    ),
    case(
        "a metric in more than 7d is kept by the day of the game",
        "7, 14.5",
        """
game: {name: Juego, day_begins: 6}
metrics: {m: {when: message.posted}}
rules: {r: {when: message.posted, if: {m: 2+, in: 8d}, pays: {besitos: 1}}}
""",
        act("01 06:05").then(paid={}),
        act("10 05:59").then(paid={"besitos": 1}),
        act("18 05:59").then(paid={"besitos": 1}),
        act("27 06:00").then(paid={}),
    ),
    case(
        "at names the value of a metric kept per an attribute",
        "6",
        """
metrics: {del_modulo: {when: message.posted, per: module}}
badges: {base: {name: Base, if: {del_modulo: 2+, at: fundamentos}}}
modules: {fundamentos: {name: Fundamentos}, practica: {name: Práctica}}
""",
        act("07 12:00", module="practica"),
        act("07 12:01", module="practica").then(awards=[]),
        act("07 12:02", module="fundamentos").then(awards=[]),
        act("07 12:03", module="fundamentos").then(awards=[("base", "")]),
    ),
    case(
        "a rule reads a metric kept per an attribute at the value of the activity",
        "6",
        """
metrics: {del_chat: {when: message.posted, per: chat}}
rules: {segundo: {when: message.posted, if: {del_chat: 2..2}, pays: {besitos: 1}}}
""",
        act("07 12:00", chat="a").then(paid={}),
        act("07 12:01", chat="b").then(paid={}),
        act("07 12:02", chat="a").then(paid={"besitos": 1}),
        act("07 12:03", chat="b").then(paid={"besitos": 1}),
    ),
    case(
        "with per, all lines about metrics kept per it are read at the same value",
        "6",
        HEARTS
        + """
metrics:
  corazones: {when: heart.received, per: post}
  fotos: {when: photo.shared, per: post}
badges: {buena: {name: Buena, per: post, if: [{corazones: 2+}, {fotos: 1+}]}}
""",
        act("07 12:00", "heart.received", post="p1"),
        act("07 12:01", "heart.received", post="p1").then(awards=[]),
        act("07 12:02", "photo.shared", post="p2").then(awards=[]),
        act("07 12:03", "photo.shared", post="p1").then(awards=[("buena", "p1")]),
        act("07 12:04", "heart.received", post="p2").then(awards=[]),
        act("07 12:05", "heart.received", post="p2").then(awards=[("buena", "p2")]),
    ),
    case(
        "with per, lines about other metrics are read of the member, and wake every value",
        "6",
        HEARTS
        + """
metrics:
  corazones: {when: heart.received, per: post}
  mensajes: {when: message.posted}
badges: {buena: {name: Buena, per: post, if: [{corazones: 1+}, {mensajes: 1+}]}}
""",
        act("07 12:00", "heart.received", post="p2"),
        act("07 12:01", "heart.received", post="p1").then(awards=[]),
        act("07 12:02").then(awards=[("buena", "p1"), ("buena", "p2")]),
    ),
    case(
        "badge: key holds at any value of its per",
        "6",
        """
metrics: {del_modulo: {when: message.posted, per: module}}
badges:
  experto: {name: Experto, per: module, if: {del_modulo: 1+}}
  alguno: {name: Alguno, if: {badge: experto}}
""",
        act("07 12:00", module="m1").then(badges=[("alguno", ""), ("experto", "m1")]),
    ),
    case(
        "evaluation returns every unmet line; of an unmet group all its facts",
        "6",
        """
metrics: {mensajes: {when: message.posted}}
badges: {b: {name: B, kind: special}}
rewards:
  r:
    name: R
    if:
      - level: 5+
      - mensajes: ..0
      - badge: b
      - any: [{earned: 500+}, {mensajes: 9+}]
      - any: [{mensajes: 1+}, {level: 9+}]
    pays: {xp: 1}
""",
        act("07 12:00").then(
            lacks={
                "reward/r": [
                    (0, "level", 1, "5+", 4),
                    (0, "mensajes", 1, "..0", None),
                    (0, "badge b", False, "held", None),
                    (1, "earned", 0, "500+", 500),
                    (1, "mensajes", 1, "9+", 8),
                ]
            }
        ),
    ),
)
