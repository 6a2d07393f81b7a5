"""For every lint a game that has what it looks for, and one that is nearly the same and has not."""

from typing import NamedTuple


class Case(NamedTuple):
    """`path` is where it is found; `accepting` is the line at which the definition can accept it with `allow`."""

    code: str
    game: str
    path: str
    near_miss: str
    accepting: str


CASES = [
    Case(
        "reward_loop",
        """\
rules:
  eco:
    when: gamification.besitos_earned
    pays: {besitos: 1}
""",
        "rules.eco.pays",
        """\
rules:
  eco:
    when: gamification.besitos_earned
    where: {source: daily_gift}
    pays: {besitos: 1}
""",
        "  eco:",
    ),
    Case(
        "needs_itself",
        """\
badges:
  llave:
    name: La llave
    if: {reward: puerta}
rewards:
  puerta: {name: La puerta, if: {badge: llave}, pays: {besitos: 5}}
""",
        "badges.llave",
        """\
badges:
  llave:
    name: La llave
    if: {reward: puerta}
rewards:
  puerta: {name: La puerta, if: {any: [{badge: llave}, {daily_gifts: 3+}]}, pays: {besitos: 5}}
daily_gift: {pays: {besitos: 1}}
""",
        "  llave:",
    ),
    Case(
        "mints_without_limit",
        """\
rules:
  charla:
    when: message.posted
    pays: {besitos: 1}
""",
        "rules.charla.pays.besitos",
        """\
rules:
  charla:
    when: message.posted
    pays: {besitos: 1}
    limit: 20/day
""",
        "  charla:",
    ),
    Case(
        "cheaper_than_it_yields",
        """\
items:
  cofre:
    name: Cofre
    type: power_up
    price: {besitos: 500}
    use: {pays: {besitos: 501}}
""",
        "items.cofre.price",
        """\
items:
  cofre:
    name: Cofre
    type: power_up
    price: {besitos: 500}
    use: {pays: {besitos: 500}}
""",
        "  cofre:",
    ),
    Case(
        "unaffordable",
        """\
currencies: {besitos: {max_balance: 900}}
daily_gift: {pays: {besitos: 1}}
items:
  luna:
    name: La luna
    type: collectible
    price: {besitos: 1000}
""",
        "items.luna.price.besitos",
        """\
currencies: {besitos: {max_balance: 900}}
daily_gift: {pays: {besitos: 1}}
items:
  luna:
    name: La luna
    type: collectible
    price: {besitos: {free: 1000, vip: 900}}
""",
        "  luna:",
    ),
    Case(
        "dead_source",
        """\
caps:
  preguntas:
    limit: 10/day
    sources: trivia
""",
        "caps.preguntas.sources",
        """\
caps:
  preguntas:
    limit: 10/day
    sources: all
rules:
  charla: {when: message.posted, pays: {besitos: 1}, limit: 1/ever per chat}
""",
        "  preguntas:",
    ),
    Case(
        "unreachable_fragment",
        """\
stories: {casa: {name: La casa, begins: uno, levels: {1: {title: Uno}}}}
fragments:
  uno: {story: casa, level: 1, title: Uno, text: Uno, ending: true}
  dos:
    story: casa
    level: 1
    title: Dos
    text: Dos
    ending: true
""",
        "fragments.dos",
        """\
stories: {casa: {name: La casa, begins: uno, levels: {1: {title: Uno}}}}
fragments:
  uno: {story: casa, level: 1, title: Uno, text: Uno, ending: true, pays: {items: {llave: 1}}}
  dos: {story: casa, level: 1, title: Dos, text: Dos, ending: true}
items:
  llave: {name: Llave, type: hint, use: {reveal: dos}}
""",
        "  dos:",
    ),
    Case(
        "unreachable_mission",
        """\
daily_gift: {pays: {besitos: 1}}
missions:
  tres:
    name: Tres regalos
    type: daily
    repeats: daily
    goals: {daily_gifts: 3+}
    pays: {besitos: 5}
""",
        "missions.tres.goals",
        """\
daily_gift: {pays: {besitos: 1}}
missions:
  tres:
    name: Tres regalos
    type: weekly
    repeats: weekly
    goals: {daily_gifts: 3+}
    pays: {besitos: 5}
""",
        "  tres:",
    ),
    Case(
        "never_holds",
        """\
levels: {curve: {linear: 100}, top: 20}
rewards:
  premio:
    name: Premio
    if: [{level: 5+}, {level: ..3}]
    pays: {besitos: 5}
""",
        "rewards.premio.if.1",
        """\
levels: {curve: {linear: 100}, top: 20}
rewards:
  premio:
    name: Premio
    if: [{level: 3+}, {level: ..5}]
    pays: {besitos: 5}
""",
        "  premio:",
    ),
    Case(
        "secret_leaks",
        """\
badges:
  buho: {name: Ave nocturna, secret: true, if: {member_for: 30d+}}
missions:
  volar:
    name: Gana la insignia ave nocturna
    type: special
    goals: {reactions: 1+}
    pays: {besitos: 5}
reactions: {beso: {emoji: 💋}}
""",
        "missions.volar.name",
        """\
badges:
  buho: {name: Ave nocturna, secret: true, if: {member_for: 30d+}}
missions:
  volar:
    name: Gana un ave
    type: special
    goals: [{reactions: 1+}, {badge: buho}]
    pays: {besitos: 5}
reactions: {beso: {emoji: 💋}}
""",
        "  volar:",
    ),
    Case(
        "never_opens",
        """\
badges:
  pronto:
    name: Pronto
    until: 2026-12-10
    if: {mission: tarde}
missions:
  tarde: {name: Tarde, type: special, from: 2026-12-20, goals: {reactions: 1+}, pays: {besitos: 5}}
reactions: {beso: {emoji: 💋}}
""",
        "badges.pronto.if",
        """\
badges:
  pronto:
    name: Pronto
    until: 2026-12-10
    if: {mission: tarde}
missions:
  tarde: {name: Tarde, type: special, from: 2026-12-05, goals: {reactions: 1+}, pays: {besitos: 5}}
reactions: {beso: {emoji: 💋}}
""",
        "  pronto:",
    ),
    Case(
        "window_past",
        """\
boosts:
  verano:
    name: Verano
    multiply: 2
    until: 2026-11-20
""",
        "boosts.verano.until",
        """\
boosts:
  verano:
    name: Verano
    multiply: 2
    until: 2026-11-21
""",
        "  verano:",
    ),
    Case(
        "missing_translation",
        """\
game: {name: La casa, languages: [es, en]}
boosts:
  verano:
    name: {es: Verano}
    multiply: 2
""",
        "boosts.verano.name",
        """\
game: {name: La casa, languages: [es, en]}
boosts:
  verano:
    name: Verano
    multiply: 2
    description: {es: Calor, en: Heat}
""",
        "  verano:",
    ),
    Case(
        "cap_never_binds",
        """\
rules:
  charla: {when: message.posted, pays: {besitos: 1}, limit: 20/day}
caps:
  charla:
    limit: 20 besitos/day
    sources: charla
""",
        "caps.charla.limit",
        """\
rules:
  charla: {when: message.posted, pays: {besitos: 1}, limit: 20/day}
caps:
  charla:
    limit: 19 besitos/day
    sources: charla
""",
        "caps:\n  charla:",
    ),
    Case(
        "text_cut",
        f"""\
stories: {{casa: {{name: La casa, begins: uno, levels: {{1: {{title: Uno}}}}}}}}
fragments:
  uno:
    story: casa
    level: 1
    title: Uno
    text: Uno
    decisions: [{{key: a, text: {"a" * 65}, next: dos}}]
  dos: {{story: casa, level: 1, title: Dos, text: Dos, ending: true}}
""",
        "fragments.uno.decisions.0.text",
        f"""\
stories: {{casa: {{name: La casa, begins: uno, levels: {{1: {{title: Uno}}}}}}}}
fragments:
  uno:
    story: casa
    level: 1
    title: Uno
    text: Uno
    decisions: [{{key: a, text: {"a" * 64}, next: dos}}]
  dos: {{story: casa, level: 1, title: Dos, text: Dos, ending: true}}
""",
        "  uno:",
    ),
    Case(
        "badge_for_nothing",
        """\
badges:
  gratis:
    name: Gratis
    if: [{level: 1+}, {earned: ..100}]
""",
        "badges.gratis.if",
        """\
badges:
  gratis:
    name: Gratis
    if: [{level: 1+}, {earned: 1..100}]
""",
        "  gratis:",
    ),
    Case(
        "shared_limit_hot",
        """\
rules:
  primeros:
    when: message.posted
    pays: {besitos: 1}
    limit: 3/day per chat for all
""",
        "rules.primeros.limit",
        """\
rules:
  primeros:
    when: message.posted
    pays: {besitos: 1}
    limit: [1/day, 3/day per chat for all]
""",
        "  primeros:",
    ),
    Case(
        "nothing_left_to_save_for",
        """\
game:
  name: La casa
daily_gift: {pays: {besitos: 1}}
items:
  rosa: {name: Rosa, type: collectible, price: {besitos: 499}}
  luna: {name: Luna, type: collectible, price: {besitos: 800}, from: 2026-12-01}
""",
        "game",
        """\
game:
  name: La casa
daily_gift: {pays: {besitos: 1}}
items:
  rosa: {name: Rosa, type: collectible, price: {besitos: 499}}
  luna: {name: Luna, type: collectible, price: {besitos: 800}, until: 2026-12-01}
""",
        "game:",
    ),
]
