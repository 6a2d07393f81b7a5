"""§8 and §14 of the language: streaks."""

from tests.oracle.case import Step, act, case, wait

STREAK = "streaks: {racha: {name: Racha, when: message.posted, every: day}}"


def lengths(*days: tuple[str, int]) -> tuple[Step, ...]:
    """Activities, each with the length that it makes."""
    return tuple(act(at).then(streaks={"racha": {"length": length}}) for at, length in days)


CASES = (
    case(
        "same day nothing, next day one more, the longest is kept",
        "8",
        STREAK,
        *lengths(("07 00:00", 1), ("07 23:59", 1), ("08 23:59", 2), ("09 00:00", 3)),
        wait("11 00:04").then(streaks={"racha": {"length": 3, "best": 3}}),
        wait("11 00:05").then(streaks={"racha": {"length": 0, "best": 3}}, events={"streak_lost": 1}),
        act("11 12:00").then(streaks={"racha": {"length": 1, "best": 3}}),
    ),
    case(
        "streak_extended is published for the first day too",
        "14.7",
        STREAK + "\nrules: {r: {when: gamification.streak_extended, where: {length: 1}, pays: {besitos: 1}}}",
        act("07 12:00").then(paid={"besitos": 1}, events={"streak_extended": 1}),
        act("07 13:00").then(paid={}, events={"streak_extended": 0}),
        act("08 13:00").then(paid={}, events={"streak_extended": 1}),
    ),
    case(
        "only what qualifies extends a streak",
        "8",
        "streaks: {racha: {name: Racha, when: [message.posted, reply.posted], where: {length: 5+}, every: day}}",
        act("07 12:00", length=4).then(streaks={"racha": {"length": 0}}),
        act("07 12:01", "media.shared").then(streaks={"racha": {"length": 0}}),
        act("07 12:02", "reply.posted", length=5).then(streaks={"racha": {"length": 1}}),
    ),
    case(
        "periods close five minutes after their end, so a delayed message still counts",
        "14.7",
        STREAK,
        act("07 12:00"),
        wait("09 00:04"),
        act("08 23:59").then(streaks={"racha": {"length": 2}}),
        wait("10 00:05", by="ana").then(streaks={"racha": {"length": 0, "best": 2}}),
    ),
    case(
        "a message that comes after the close restores nothing",
        "14.7",
        STREAK,
        act("07 12:00"),
        wait("09 00:05").then(streaks={"racha": {"length": 0}}),
        act("08 23:59").then(streaks={"racha": {"length": 0}}),
    ),
    case(
        "a delayed message counts although one of the next day overtook it",
        "14.7",
        STREAK,
        act("07 12:00"),
        act("09 00:02"),
        act("08 23:59").then(streaks={"racha": {"length": 3}}),
    ),
    case(
        "a bonus is paid each time a run reaches its length",
        "8",
        "streaks: {racha: {name: Racha, when: message.posted, every: day, bonuses: {2: {besitos: 20}}}}",
        act("07 12:00").then(paid={}),
        act("08 12:00").then(paid={"besitos": 20}, types=["EARN_STREAK"]),
        act("09 12:00").then(paid={}),
        act("12 12:00").then(paid={}, streaks={"racha": {"length": 1}}),
        act("13 12:00").then(paid={"besitos": 20}),
    ),
    case(
        "weeks begin on Monday, months on the first",
        "3, 8",
        """
streaks:
  semanal: {name: Semanal, when: message.posted, every: week}
  mensual: {name: Mensual, when: message.posted, every: month}
""",
        act("06 23:59").then(streaks={"semanal": {"length": 1}, "mensual": {"length": 1}}),
        act("07 00:00").then(streaks={"semanal": {"length": 2}, "mensual": {"length": 1}}),
        act("20 23:59").then(streaks={"semanal": {"length": 3}, "mensual": {"length": 1}}),
        act("2027-01-31 23:59").then(streaks={"semanal": {"length": 1}, "mensual": {"length": 2}}),
    ),
    case(
        "never arithmetic on 24 hours: a day of 23 hours is a day",
        "8",
        """
game: {name: Juego, zone: Europe/Madrid}
streaks: {racha: {name: Racha, when: message.posted, every: day}}
""",
        *lengths(
            ("2026-03-28 22:59", 1),
            ("2026-03-28 23:00", 2),
            ("2026-03-29 21:59", 2),
            ("2026-03-29 22:00", 3),
        ),
    ),
    case(
        "a streak's day begins at day_begins, in the member's zone too",
        "14.7",
        """
game: {name: Juego, zone: America/Mexico_City, day_begins: 4}
streaks: {racha: {name: Racha, when: message.posted, every: day, day: member}}
""",
        *lengths(("07 10:00", 1), ("08 09:59", 1), ("08 10:00", 2)),
    ),
    case(
        "a streak's day may be of UTC",
        "8",
        """
game: {name: Juego, zone: America/Mexico_City, day_begins: 4}
streaks: {racha: {name: Racha, when: message.posted, every: day, day: utc}}
""",
        *lengths(("07 23:59", 1), ("08 00:00", 2)),
    ),
    case(
        "a new zone to the east counts from the next period",
        "14.7",
        "streaks: {racha: {name: Racha, when: message.posted, every: day, day: member}}",
        act("07 12:00").then(streaks={"racha": {"length": 1}}),
        act("07 12:01", "member.zone", zone="Asia/Tokyo"),
        *lengths(("07 23:59", 1), ("08 00:00", 2), ("08 14:59", 2), ("08 15:00", 3)),
    ),
    case(
        "a new zone to the west counts from the end of the day, and never goes back",
        "14.7",
        """
game: {name: Juego, zone: Asia/Tokyo}
streaks: {racha: {name: Racha, when: message.posted, every: day, day: member}}
""",
        act("07 12:00").then(streaks={"racha": {"length": 1}}),
        act("07 12:01", "member.zone", zone="America/Mexico_City"),
        *lengths(("07 14:59", 1), ("07 15:00", 2), ("08 06:00", 2), ("09 05:59", 2), ("09 06:00", 3)),
    ),
    case(
        "freezes are used one by one at each missed period's close; the length is kept and not raised",
        "14.7",
        STREAK,
        act("07 11:00", "streak.freeze", streak="racha"),
        act("07 11:01", "streak.freeze", streak="racha").then(streaks={"racha": {"freezes": 2}}),
        act("07 12:00"),
        wait("09 00:04").then(streaks={"racha": {"length": 1, "freezes": 2}}),
        wait("09 00:05").then(streaks={"racha": {"length": 1, "freezes": 1}}, events={"streak_frozen": 1}),
        wait("10 00:05").then(streaks={"racha": {"length": 1, "freezes": 0}}, events={"streak_frozen": 1}),
        act("10 12:00").then(streaks={"racha": {"length": 2}}),
    ),
    case(
        "freezes that do not last for the whole gap are used up before the streak is lost",
        "14.7",
        STREAK,
        act("07 11:00", "streak.freeze", streak="racha"),
        act("07 12:00"),
        wait("10 00:05").then(
            streaks={"racha": {"length": 0, "freezes": 0}}, events={"streak_frozen": 1, "streak_lost": 1}
        ),
    ),
    case(
        "no more freezes are held than the streak allows, and none is used without a run",
        "8",
        "streaks: {racha: {name: Racha, when: message.posted, every: day, freezes: 1}}",
        act("07 12:00", "streak.freeze", streak="racha"),
        act("07 12:01", "streak.freeze", streak="racha").then(refused=True),
        wait("10 12:00").then(streaks={"racha": {"freezes": 1}}),
    ),
    case(
        "an item may be a freeze",
        "8",
        STREAK + "\nitems: {hielo: {name: Hielo, type: power_up, use: {freeze: racha}}}",
        act("07 12:00", "item.give", item="hielo", count=1),
        act("07 12:01", "item.use", item="hielo").then(items={"hielo": 0}, streaks={"racha": {"freezes": 1}}),
    ),
    case(
        "a freeze earned tonight does not save yesterday",
        "14.7",
        STREAK,
        act("07 12:00"),
        act("09 00:03", "streak.freeze", streak="racha"),
        wait("09 00:05").then(streaks={"racha": {"length": 0, "freezes": 1}}),
    ),
    case(
        "a paused period is kept without a freeze; what is done in it still counts",
        "14.7",
        STREAK,
        act("07 11:00", "streak.freeze", streak="racha"),
        act("07 12:00"),
        act("07 12:01", "streak.pause", streak="racha", first="2026-12-08", last="2026-12-10"),
        act("09 12:00").then(streaks={"racha": {"length": 2, "freezes": 1}}),
        wait("11 23:59").then(streaks={"racha": {"length": 2, "freezes": 1}}),
        wait("12 00:05").then(streaks={"racha": {"length": 2, "freezes": 0}}),
        wait("13 00:05").then(streaks={"racha": {"length": 0}}),
    ),
    case(
        "a repair gives what was lost plus what has grown since, and pays no bonus",
        "14.7",
        """
streaks:
  racha: {name: Racha, when: message.posted, every: day, bonuses: {3: {besitos: 30}, 4: {besitos: 40}}}
""",
        *lengths(("07 12:00", 1), ("08 12:00", 2)),
        wait("10 12:00").then(streaks={"racha": {"length": 0}}),
        act("10 13:00").then(streaks={"racha": {"length": 1}}),
        act("10 14:00", "streak.repair", streak="racha").then(
            streaks={"racha": {"length": 3, "best": 3}}, paid={}, events={"streak_restored": 1}
        ),
        act("11 12:00").then(streaks={"racha": {"length": 4}}, paid={"besitos": 40}),
    ),
    case(
        "a repair without new growth lets the run go on today",
        "14.7",
        STREAK,
        *lengths(("07 12:00", 1), ("08 12:00", 2)),
        act("11 12:00", "streak.repair", streak="racha").then(streaks={"racha": {"length": 2}}),
        act("11 13:00").then(streaks={"racha": {"length": 3}}),
        wait("13 00:05").then(streaks={"racha": {"length": 0}}),
    ),
    case(
        "a streak is repaired within its time, once, and only when it was lost",
        "8",
        STREAK,
        act("07 12:00"),
        act("07 12:01", "streak.repair", streak="racha").then(refused=True),
        act("09 12:00", "streak.repair", streak="racha").then(streaks={"racha": {"length": 1}}),
        act("09 12:01", "streak.repair", streak="racha").then(refused=True),
        act("13 00:06", "streak.repair", streak="racha").then(refused=True),
    ),
    case(
        "a streak out of play neither grows nor breaks",
        "14.7",
        """
streaks:
  racha: {name: Racha, when: message.posted, every: day, from: 2026-12-08, until: 2026-12-10}
  parada: {name: Parada, when: message.posted, every: day, paused: true}
""",
        act("07 12:00").then(streaks={"racha": {"length": 0}, "parada": {"length": 0}}),
        *lengths(("08 12:00", 1), ("09 12:00", 2), ("10 12:00", 2)),
        wait("20 12:00").then(streaks={"racha": {"length": 2}}),
    ),
    case(
        "streak and best_streak are metrics; of names one of several",
        "4, 6",
        """
streaks:
  diaria: {name: Diaria, when: message.posted, every: day}
  semanal: {name: Semanal, when: message.posted, every: week}
badges:
  dos: {name: Dos, if: {streak: 2+, of: diaria}}
  semanas: {name: Semanas, if: {best_streak: 2+, of: semanal}}
""",
        act("07 12:00").then(awards=[]),
        act("08 12:00").then(awards=[("dos", "")]),
        act("14 12:00").then(awards=[("semanas", "")]),
    ),
    case(
        "a bonus of a streak raises a level in the same round: streaks come before levels",
        "10",
        """
levels: {curve: {linear: 20}}
streaks: {racha: {name: Racha, when: message.posted, every: day, bonuses: {1: {besitos: 20}}}}
""",
        act("07 12:00").then(level=2, paid={"besitos": 20}),
    ),
)
