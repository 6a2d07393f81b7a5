"""§4 of the language: activities, filters, things, metrics."""

from decimal import Decimal

from tests.oracle.case import act, case, wait

PHOTOS = """
activities:
  photo.shared: {attributes: {post: text, topic: text}}
  heart.received: {attributes: {post: text}}
things: {post: {begins: photo.shared, keeps: [topic]}}
"""

CASES = (
    case(
        "an unknown kind is refused and creates no member",
        "4",
        "",
        act("07 12:00", "message.posted", by="bea"),
        act("07 12:00", "mesage.posted").then(refused=True, is_known=False),
    ),
    case(
        "an undeclared attribute is refused",
        "4",
        "rules: {r: {when: message.posted, pays: {besitos: 1}}}",
        act("07 12:00", lenght=3).then(refused=True, paid={}),
        act("07 12:01", length=3).then(paid={"besitos": 1}),
    ),
    case(
        "a declared kind may stand wherever a kind may",
        "4",
        """
activities: {invite.accepted: {attributes: {guest: text}}}
rules: {r: {when: invite.accepted, where: {guest: eva}, pays: {besitos: 4}}}
""",
        act("07 12:00", "invite.accepted", guest="eva").then(paid={"besitos": 4}),
        act("07 12:01", "invite.accepted", guest="lola").then(paid={}),
    ),
    case(
        "a public event may stand wherever a kind may, in the same transaction",
        "4",
        """
daily_gift: {pays: {besitos: 10}}
rules: {r: {when: gamification.daily_claimed, pays: {xp: 3}}}
""",
        act("07 12:00", "daily.claim").then(paid={"besitos": 10, "xp": 3}),
    ),
    case(
        "achievement_unlocked carries the badge's per attribute",
        "4",
        """
metrics:
  del_modulo: {when: message.posted, per: module}
  expertos: {when: gamification.achievement_unlocked, where: {badge: experto}, per: module}
badges:
  experto: {name: Experto, per: module, if: {del_modulo: 2+}}
  reconocido: {name: Reconocido, per: module, if: {expertos: 1+}}
""",
        act("07 12:00", module="m1").then(awards=[]),
        act("07 12:01", module="m1").then(awards=[("experto", "m1"), ("reconocido", "m1")]),
    ),
    case(
        "day is of the game's calendar, that begins at day_begins",
        "4, 14.6",
        """
game: {name: Juego, day_begins: 6}
rules: {r: {when: message.posted, where: {day: 2026-12-08}, pays: {besitos: 1}}}
""",
        act("08 05:59").then(paid={}),
        act("08 06:00").then(paid={"besitos": 1}),
        act("09 05:59").then(paid={"besitos": 1}),
        act("09 06:00").then(paid={}),
    ),
    case(
        "weekday is of the game's calendar, hour is of the clock",
        "14.6",
        """
game: {name: Juego, zone: America/Mexico_City, day_begins: 6}
rules:
  domingo: {when: message.posted, where: {weekday: [sat, sun]}, pays: {besitos: 1}}
  madrugada: {when: message.posted, where: {hour: 0..4}, pays: {xp: 1}}
""",
        act("07 10:59").then(paid={"besitos": 1, "xp": 1}),
        act("07 11:00").then(paid={"besitos": 1}),
        act("07 12:00").then(paid={}),
    ),
    case(
        "member_type is what the member is at that moment",
        "4",
        "rules: {r: {when: message.posted, where: {member_type: vip}, pays: {besitos: 1}}}",
        act("07 12:00").then(paid={}),
        act("07 12:01", "member.vip", lasts="7d"),
        act("07 12:02").then(paid={"besitos": 1}),
    ),
    case(
        "where: equal, one of these, in the range, none of these; all must hold",
        "4",
        """
rules:
  a: {when: message.posted, where: {length: 10+}, pays: {besitos: 1}}
  b: {when: message.posted, where: {media: true}, pays: {besitos: 2}}
  c: {when: message.posted, where: {chat: [uno, dos]}, pays: {besitos: 4}}
  d: {when: message.posted, where: {chat: {not: tres}}, pays: {besitos: 8}}
  e: {when: message.posted, where: {chat: {not: [dos, tres]}}, pays: {besitos: 16}}
  f: {when: message.posted, where: {length: 3..7, media: false}, pays: {besitos: 32}}
  g: {when: message.posted, where: {length: 1}, pays: {besitos: 64}}
""",
        act("07 12:00", length=10, media=True, chat="uno").then(paid={"besitos": 31}),
        act("07 12:01", length=9, media=True, chat="dos").then(paid={"besitos": 14}),
        act("07 12:02", length=7, media=False, chat="tres").then(paid={"besitos": 32}),
        act("07 12:03", length=Decimal("7.5"), media=False, chat="cuatro").then(paid={"besitos": 24}),
        act("07 12:04", length=1, media=False).then(paid={"besitos": 64}),
    ),
    case(
        "an absent attribute holds for nothing, not even for not",
        "4",
        """
rules:
  a: {when: message.posted, where: {chat: {not: uno}}, pays: {besitos: 1}}
  b: {when: message.posted, where: {length: ..5}, pays: {besitos: 1}}
""",
        act("07 12:00").then(paid={}),
    ),
    case(
        "what a thing remembers never changes, and is looked at through a dot",
        "4",
        PHOTOS + "rules: {r: {when: heart.received, where: {post.topic: campo}, pays: {besitos: 1}}}",
        act("07 12:00", "photo.shared", post="p1", topic="campo"),
        act("07 12:01", "photo.shared", post="p1", topic="ciudad"),
        act("07 12:02", "heart.received", post="p1").then(paid={"besitos": 1}),
    ),
    case(
        "things are shared by all members",
        "4",
        PHOTOS + "rules: {r: {when: heart.received, where: {post.topic: campo}, pays: {besitos: 1}}}",
        act("07 12:00", "photo.shared", by="bea", post="p1", topic="campo"),
        act("07 12:01", "heart.received", post="p1").then(paid={"besitos": 1}),
    ),
    case(
        "what nobody saw begin has nothing remembered and fails filters",
        "4",
        PHOTOS + "rules: {r: {when: heart.received, where: {post.topic: {not: campo}}, pays: {besitos: 1}}}",
        act("07 12:00", "heart.received", post="p1").then(paid={}),
    ),
    case(
        "the day of a thing is always known",
        "4",
        PHOTOS + "rules: {r: {when: heart.received, where: {post.day: 2026-12-07}, pays: {besitos: 1}}}",
        act("07 12:00", "photo.shared", post="p1"),
        act("08 00:00", "photo.shared", post="p2"),
        act("09 12:00", "heart.received", post="p1").then(paid={"besitos": 1}),
        act("09 12:01", "heart.received", post="p2").then(paid={}),
    ),
    case(
        "things are remembered before metrics and rules look",
        "10",
        PHOTOS + "rules: {r: {when: photo.shared, where: {post.topic: campo}, pays: {besitos: 1}}}",
        act("07 12:00", "photo.shared", post="p1", topic="campo").then(paid={"besitos": 1}),
        act("07 12:01", "photo.shared", post="p1", topic="ciudad").then(paid={"besitos": 1}),
    ),
    case(
        "a metric counts the activities that pass its filter",
        "4",
        """
metrics: {mensajes: {when: [message.posted, reply.posted], where: {length: 10+}}}
badges: {tres: {name: Tres, if: {mensajes: 3+}}}
""",
        act("07 12:00", length=10),
        act("07 12:01", length=9),
        act("07 12:02", "reply.posted", length=10).then(awards=[]),
        act("07 12:03", length=11).then(awards=[("tres", "")]),
    ),
    case(
        "a sum may go down; a badge earned stays",
        "4",
        """
activities: {vote.cast: {attributes: {delta: number}}}
metrics: {puntos: {when: vote.cast, sum: delta}}
badges: {querida: {name: Querida, if: {puntos: 3+}}}
rules: {bajo: {when: vote.cast, if: {puntos: ..1}, pays: {besitos: 1}}}
""",
        act("07 12:00", "vote.cast", delta=3).then(paid={}, awards=[("querida", "")]),
        act("07 12:01", "vote.cast", delta=-2).then(paid={"besitos": 1}, badges=[("querida", "")]),
        act("07 12:02", "vote.cast", delta=Decimal("0.5")).then(paid={}),
        act("07 12:03", "vote.cast", delta=Decimal("-0.5")).then(paid={"besitos": 1}),
    ),
    case(
        "max is the largest there was",
        "4",
        """
metrics: {largo: {when: message.posted, max: length}}
rules: {r: {when: reply.posted, if: {largo: 9..9}, pays: {besitos: 1}}}
""",
        act("07 12:00", length=9),
        act("07 12:01", length=4),
        act("07 12:02", "reply.posted").then(paid={"besitos": 1}),
        act("07 12:03", length=10),
        act("07 12:04", "reply.posted").then(paid={}),
    ),
    case(
        "last is the last by time, then by arrival",
        "14.6",
        """
metrics: {largo: {when: message.posted, last: length}}
rules:
  cinco: {when: reply.posted, if: {largo: 5..5}, pays: {besitos: 1}}
  siete: {when: reply.posted, if: {largo: 7..7}, pays: {xp: 1}}
""",
        act("07 12:00", length=5),
        act("07 11:00", length=9),
        act("07 12:01", "reply.posted").then(paid={"besitos": 1}),
        act("07 12:00", length=7),
        act("07 12:02", "reply.posted").then(paid={"xp": 1}),
    ),
    case(
        "distinct counts different values",
        "4",
        """
metrics: {dias: {when: message.posted, distinct: day}}
badges: {dos: {name: Dos, if: {dias: 2+}}}
""",
        act("07 12:00"),
        act("07 23:59").then(awards=[]),
        act("08 00:00").then(awards=[("dos", "")]),
    ),
    case(
        "activities without the attribute of per, sum, max, last or distinct do not count",
        "4",
        """
metrics:
  por_chat: {when: message.posted, per: chat}
  largo: {when: message.posted, sum: length}
badges:
  uno: {name: Uno, per: chat, if: {por_chat: 1+}}
  algo: {name: Algo, if: {largo: 0+}}
""",
        act("07 12:00").then(awards=[]),
        act("07 12:01", chat="c", length=1).then(awards=[("algo", ""), ("uno", "c")]),
    ),
    case(
        "first reaction is reactions: 1+",
        "4",
        """
reactions: {besito: {emoji: 💋, pays: {besitos: 2}}}
badges: {primera: {name: Primera, if: {reactions: 1+}, pays: {besitos: 50}}}
""",
        act("07 12:00", "reaction.added", post="p1", reaction="besito").then(
            awards=[("primera", "")], paid={"besitos": 52}
        ),
        act("07 12:01", "reaction.added", post="p1", reaction="besito").then(refused=True, paid={}),
        act("07 12:02", "reaction.added", post="p2", reaction="besito").then(paid={"besitos": 2}),
    ),
    case(
        "earned in a day forgets the day before",
        "4",
        """
rules: {r: {when: message.posted, pays: {besitos: 6}}}
badges: {diez: {name: Diez, if: {earned: 10+, in: day}}}
""",
        act("07 12:00"),
        act("08 12:00").then(awards=[]),
        act("08 12:01").then(awards=[("diez", "")]),
    ),
    case(
        "a penalty is not spent",
        "4",
        """
rules: {multa: {when: message.posted, pays: {besitos: -5}}}
badges: {gasta: {name: Gasta, if: {spent: 6+}}}
""",
        act("07 12:00", "ledger.grant", currency="besitos", amount=20),
        act("07 12:01").then(paid={"besitos": -5}, types=["PENALTY"]),
        act("07 12:02", "ledger.spend", currency="besitos", amount=5).then(awards=[]),
        act("07 12:03", "ledger.spend", currency="besitos", amount=1).then(awards=[("gasta", "")]),
    ),
    case(
        "balance and earned of another currency",
        "4",
        """
currencies: {gemas: {name: gemas}}
rules: {r: {when: message.posted, pays: {gemas: 3}}}
badges:
  ahora: {name: Ahora, if: {balance: 6+, of: gemas}}
  siempre: {name: Siempre, if: {earned: 9+, of: gemas}}
""",
        act("07 12:00").then(awards=[]),
        act("07 12:01", "ledger.spend", currency="gemas", amount=3),
        act("07 12:02").then(awards=[]),
        act("07 12:03").then(awards=[("ahora", ""), ("siempre", "")]),
    ),
    case(
        "member_for grows by itself and sets a timer",
        "4, 14.2",
        "badges: {semana: {name: Semana, if: {member_for: 7d+}, pays: {besitos: 5}}}",
        act("07 12:00").then(awards=[]),
        wait("14 11:59").then(badges=[]),
        wait("14 12:00").then(badges=[("semana", "")], balance={"besitos": 5}),
    ),
)
