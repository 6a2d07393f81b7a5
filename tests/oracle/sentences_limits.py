"""§7 of the language, and of §14 what settles limits and caps."""

from tests.oracle.case import act, case, wait

CASES = (
    case(
        "3/day is three times in a calendar day; above it the activity pays nothing",
        "7",
        "rules: {r: {when: message.posted, pays: {besitos: 1}, limit: 3/day}}",
        *(act(f"07 12:0{n}").then(paid={"besitos": 1}) for n in range(3)),
        act("07 23:59").then(paid={}, reasons=["limit.reached"]),
        act("08 00:00").then(paid={"besitos": 1}, reasons=[]),
    ),
    case(
        "a day begins at day_begins in the zone of the game",
        "3, 7",
        """
game: {name: Juego, zone: America/Mexico_City, day_begins: 4}
rules: {r: {when: message.posted, pays: {besitos: 1}, limit: 1/day}}
""",
        act("07 10:00").then(paid={"besitos": 1}),
        act("08 09:59").then(paid={}),
        act("08 10:00").then(paid={"besitos": 1}),
    ),
    case(
        "a times limit counts what was paid, not what was tried",
        "7",
        """
metrics: {m: {when: message.posted}}
rules: {r: {when: message.posted, if: {m: 3+}, pays: {besitos: 1}, limit: 1/day}}
""",
        act("07 12:00").then(paid={}),
        act("07 12:01").then(paid={}),
        act("07 12:02").then(paid={"besitos": 1}),
    ),
    case(
        "an amount limit pays what still fits and then nothing; other currencies in full",
        "7",
        "rules: {r: {when: message.posted, pays: {besitos: 10, xp: 10}, limit: 17 besitos/day}}",
        act("07 12:00").then(paid={"besitos": 10, "xp": 10}),
        act("07 12:01").then(paid={"besitos": 7, "xp": 10}),
        act("07 12:02").then(paid={"xp": 10}),
    ),
    case(
        "penalties do not count against an amount limit",
        "7",
        """
rules:
  da: {when: message.posted, pays: {besitos: 10}, limit: 15 besitos/day}
  quita: {when: reply.posted, pays: {besitos: -10}, limit: 3 besitos/day}
""",
        act("07 12:00").then(paid={"besitos": 10}),
        act("07 12:01", "reply.posted").then(paid={"besitos": -10}),
        act("07 12:02").then(paid={"besitos": 5}),
    ),
    case(
        "a rolling times limit looks at (now - w, now], exactly",
        "7, 14.5",
        "rules: {r: {when: message.posted, pays: {besitos: 1}, limit: 2/30s}}",
        act("2026-12-07 12:00:00").then(paid={"besitos": 1}),
        act("2026-12-07 12:00:20").then(paid={"besitos": 1}),
        act("2026-12-07 12:00:29").then(paid={}, reasons=["limit.reached"]),
        act("2026-12-07 12:00:30").then(paid={"besitos": 1}),
        act("2026-12-07 12:00:49").then(paid={}),
        act("2026-12-07 12:00:50").then(paid={"besitos": 1}),
    ),
    case(
        "a rolling amount limit up to 2h is kept by the minute, the oldest counting whole",
        "7, 14.5",
        "rules: {r: {when: message.posted, pays: {besitos: 10}, limit: 10 besitos/1h}}",
        act("2026-12-07 12:00:10").then(paid={"besitos": 10}),
        act("2026-12-07 13:00:50").then(paid={}),
        act("2026-12-07 13:01:00").then(paid={"besitos": 10}),
    ),
    case(
        "a rolling amount limit up to 7d is kept by the hour of UTC",
        "7, 14.5",
        """
game: {name: Juego, zone: Asia/Kathmandu}
rules: {r: {when: message.posted, pays: {besitos: 10}, limit: 10 besitos/24h}}
""",
        act("07 12:10").then(paid={"besitos": 10}),
        act("08 12:59").then(paid={}),
        act("08 13:00").then(paid={"besitos": 10}),
    ),
    case(
        "a rolling amount limit beyond 7d is kept by the day of the game",
        "7, 14.5",
        """
game: {name: Juego, zone: America/Mexico_City}
rules: {r: {when: message.posted, pays: {besitos: 10}, limit: 10 besitos/10d}}
""",
        act("02 06:00").then(paid={"besitos": 10}),
        act("13 05:59").then(paid={}),
        act("13 06:00").then(paid={"besitos": 10}),
    ),
    case(
        "1/ever per post is once for each post",
        "7",
        "rules: {r: {when: message.posted, pays: {besitos: 1}, limit: 1/ever per chat}}",
        act("07 12:00", chat="a").then(paid={"besitos": 1}),
        act("2027-06-07 12:00", chat="a").then(paid={}),
        act("2027-06-07 12:01", chat="b").then(paid={"besitos": 1}),
    ),
    case(
        "an activity without the attribute of a per limit is not paid",
        "14.5",
        "rules: {r: {when: message.posted, pays: {besitos: 1}, limit: 1/ever per chat}}",
        act("07 12:00").then(paid={}, reasons=["limit.no_value"]),
    ),
    case(
        "for all counts the whole community, per chat",
        "7",
        "rules: {r: {when: message.posted, pays: {besitos: 1}, limit: 2/day per chat for all}}",
        act("07 12:00", chat="a").then(paid={"besitos": 1}),
        act("07 12:01", by="bea", chat="a").then(paid={"besitos": 1}),
        act("07 12:02", by="eva", chat="a").then(paid={}, reasons=["limit.reached"]),
        act("07 12:03", by="eva", chat="b").then(paid={"besitos": 1}),
    ),
    case(
        "of several limits all hold",
        "7",
        "rules: {r: {when: message.posted, pays: {besitos: 1}, limit: [1/2m, 2/day]}}",
        act("07 12:00").then(paid={"besitos": 1}),
        act("07 12:01").then(paid={}),
        act("07 12:02").then(paid={"besitos": 1}),
        act("07 12:10").then(paid={}),
    ),
    case(
        "the hour that a clock change repeats is one hour",
        "14.6",
        """
game: {name: Juego, zone: Europe/Madrid}
rules: {r: {when: message.posted, pays: {besitos: 1}, limit: 1/hour}}
""",
        act("2026-10-25 00:30").then(paid={"besitos": 1}),
        act("2026-10-25 01:30").then(paid={}),
        act("2026-10-25 02:00").then(paid={"besitos": 1}),
    ),
    case(
        "a day of 23 hours and one of 25 are each one day",
        "7",
        """
game: {name: Juego, zone: Europe/Madrid}
rules: {r: {when: message.posted, pays: {besitos: 1}, limit: 1/day}}
""",
        act("2026-10-24 22:00").then(paid={"besitos": 1}),
        act("2026-10-25 22:59").then(paid={}),
        act("2026-10-25 23:00").then(paid={"besitos": 1}),
    ),
    case(
        "a calendar counter stands for its period and the one before; older ones are closed",
        "14.6",
        "rules: {r: {when: message.posted, pays: {besitos: 1}, limit: 1/day}}",
        act("09 12:00").then(paid={"besitos": 1}),
        act("08 12:00").then(paid={"besitos": 1}),
        act("08 13:00").then(paid={}, reasons=["limit.reached"]),
        act("07 12:00").then(paid={}, reasons=["late.closed"]),
    ),
    case(
        "later uses count against a late activity",
        "14.5",
        "rules: {r: {when: message.posted, pays: {besitos: 10}, limit: 10 besitos/1h}}",
        act("07 12:00").then(paid={"besitos": 10}),
        act("07 11:30").then(paid={}),
        act("07 10:30").then(paid={}),
    ),
    case(
        "a cap stands over several sources together",
        "7",
        """
rules:
  a: {when: message.posted, pays: {besitos: 4}}
  b: {when: reply.posted, pays: {besitos: 4}, source: otra}
  c: {when: media.shared, pays: {besitos: 4}}
caps: {tope: {sources: [a, otra], limit: 6 besitos/day}}
""",
        act("07 12:00").then(paid={"besitos": 4}),
        act("07 12:01", "reply.posted").then(paid={"besitos": 2}, reasons=["cap.reached"]),
        act("07 12:02", "reply.posted").then(paid={}, reasons=["cap.reached"]),
        act("07 12:03", "media.shared").then(paid={"besitos": 4}),
    ),
    case(
        "a payment must pass all caps that name its source",
        "7",
        """
rules: {a: {when: message.posted, pays: {besitos: 10}}}
caps:
  uno: {sources: [a], limit: 7 besitos/day}
  dos: {sources: all, limit: 9 besitos/week}
""",
        act("07 12:00").then(paid={"besitos": 7}),
        act("08 12:00").then(paid={"besitos": 2}),
    ),
    case(
        "a times limit in a cap counts payouts, however many currencies each pays",
        "7",
        """
rules: {a: {when: message.posted, pays: {besitos: 1, xp: 1}}}
caps: {tope: {sources: [a], limit: 2/day}}
""",
        act("07 12:00").then(paid={"besitos": 1, "xp": 1}),
        act("07 12:01").then(paid={"besitos": 1, "xp": 1}),
        act("07 12:02").then(paid={}, reasons=["cap.reached"]),
    ),
    case(
        "all counts whatever the game pays, not an operator's grant",
        "7",
        """
daily_gift: {pays: {besitos: 4}}
rules: {a: {when: message.posted, pays: {besitos: 4}}}
badges: {b: {name: B, if: {balance: 100+}, pays: {besitos: 50}}}
caps: {total: {sources: all, limit: 9 besitos/day}}
""",
        act("07 12:00", "daily.claim").then(paid={"besitos": 4}),
        act("07 12:01").then(paid={"besitos": 4}),
        act("07 12:02", "ledger.grant", currency="besitos", amount=100).then(paid={"besitos": 101}, awards=[("b", "")]),
        act("07 12:03").then(paid={}),
    ),
    case(
        "with net, payments less penalties stay within the limit",
        "7, 14.5",
        """
rules:
  da: {when: message.posted, pays: {besitos: 5}}
  quita: {when: reply.posted, pays: {besitos: -4}, source: da}
caps: {tope: {sources: [da], limit: 10 besitos/day, net: true}}
""",
        act("07 12:00").then(paid={"besitos": 5}),
        act("07 12:01").then(paid={"besitos": 5}),
        act("07 12:02").then(paid={}),
        act("07 12:03", "reply.posted").then(paid={"besitos": -4}),
        act("07 12:04").then(paid={"besitos": 4}),
    ),
    case(
        "caps do not hold back penalties",
        "14.5",
        """
rules:
  da: {when: message.posted, pays: {besitos: 5}}
  quita: {when: reply.posted, pays: {besitos: -4}}
caps: {tope: {sources: all, limit: 5 besitos/day}, veces: {sources: all, limit: 1/day}}
""",
        act("07 12:00").then(paid={"besitos": 5}),
        act("07 12:01", "reply.posted").then(paid={"besitos": -4}),
    ),
    case(
        "report pays what is above the cap; cut comes first",
        "7, 14.5",
        """
rules: {a: {when: message.posted, pays: {besitos: 10}}}
caps:
  mirar: {sources: [a], limit: 5 besitos/day, then: report}
  tope: {sources: [a], limit: 12 besitos/day}
""",
        act("07 12:00").then(paid={"besitos": 10}),
        act("07 12:01").then(paid={"besitos": 2}),
    ),
    case(
        "quarantine holds for review what goes above the cap, after all cuts",
        "7, 14.5",
        """
rules: {a: {when: message.posted, pays: {besitos: 10}}}
caps:
  revisar: {sources: [a], limit: 8 besitos/day, then: quarantine}
  tope: {sources: [a], limit: 8 besitos/day}
""",
        act("07 12:00").then(paid={"besitos": 8}),
        act("07 12:01").then(paid={}, events={"payout_quarantined": 0}),
    ),
    case(
        "a cap's quarantine waits for review and does not release itself",
        "14.5",
        """
rules: {a: {when: message.posted, pays: {besitos: 10}}}
caps: {revisar: {sources: [a], limit: 15 besitos/day, then: quarantine}}
""",
        act("07 12:00").then(paid={"besitos": 10}),
        act("07 12:01").then(paid={}, events={"payout_quarantined": 1}),
        wait("2027-12-07 12:01").then(balance={"besitos": 10}),
    ),
    case(
        "a cap out of play does not hold",
        "14.5",
        """
rules: {a: {when: message.posted, pays: {besitos: 10}}}
caps:
  tope: {sources: all, limit: 5 besitos/day, from: 2026-12-08, until: 2026-12-09}
  parado: {sources: all, limit: 1 besitos/day, paused: true}
""",
        act("07 12:00").then(paid={"besitos": 10}),
        act("08 12:00").then(paid={"besitos": 5}),
        act("09 12:00").then(paid={"besitos": 10}),
    ),
    case(
        "a badge for the first two of the community",
        "7",
        """
metrics: {m: {when: message.posted}}
badges: {primeras: {name: Primeras, if: {m: 1+}, limit: 2/ever for all}}
""",
        act("07 12:00").then(awards=[("primeras", "")]),
        act("07 12:01", by="bea").then(awards=[("primeras", "")]),
        act("07 12:02", by="eva").then(awards=[], reasons=["limit.reached"]),
    ),
)
