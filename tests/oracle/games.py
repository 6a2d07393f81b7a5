"""Games and histories drawn by lot, from a seed: of everything that the language lets a game say, a little."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tests.oracle.case import Step

HEAD = """
game: {{name: Juego, zone: {zone}, day_begins: {day_begins}}}
activities:
  post.begun: {{attributes: {{post: text, topic: text}}}}
  vote.cast: {{attributes: {{post: text, voter: text, delta: number}}}}
  signal.seen: {{}}
things: {{post: {{begins: post.begun, keeps: [topic]}}}}
metrics:
  mensajes: {{when: [message.posted, reply.posted]}}
  largos: {{when: message.posted, where: {{length: 5+}}}}
  letras: {{when: message.posted, sum: length}}
  mayor: {{when: message.posted, max: length}}
  ultima: {{when: message.posted, last: length}}
  salas: {{when: message.posted, distinct: chat}}
  dias: {{when: message.posted, distinct: day}}
  mar: {{when: vote.cast, where: {{post.topic: mar}}}}
  votos: {{when: vote.cast, per: post}}
  puntos: {{when: vote.cast, sum: delta, per: post}}
  votantes: {{when: vote.cast, distinct: voter, per: post}}
  peor: {{when: vote.cast, max: delta, per: post}}
  reciente: {{when: vote.cast, last: delta, per: post}}
  logros: {{when: gamification.achievement_unlocked}}
  subidas: {{when: gamification.level_up, sum: level}}
"""
ZONES = ("UTC", "America/Mexico_City", "Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham")
WEEKS = (datetime(2026, 10, 22, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 25, tzinfo=UTC))
"""Weeks in which clocks change: in Europe and America in autumn and in spring, in the south in April and October."""

COUNTS = ("mensajes", "largos", "letras", "mayor", "ultima", "salas", "dias", "mar", "logros", "subidas")
PAYOUTS = ("{besitos: 6}", "{xp: 5}", "{besitos: 2, xp: 2}", "{flags: [visto]}", "{badges: [esp]}")
PER_POST = ("votos", "puntos", "votantes", "peor", "reciente")
SPANS = ("hour", "day", "week", "month", "90m", "3h", "2d", "9d")
KINDS = ("message.posted", "reply.posted", "vote.cast", "signal.seen", "post.begun", "live.watched")
EVENTS = (
    "gamification.achievement_unlocked",
    "gamification.level_up",
    "gamification.streak_extended",
    "gamification.besitos_earned",
    "gamification.xp_earned",
    "gamification.mission_completed",
    "gamification.daily_claimed",
)
FLAGS = ("listo", "visto")
POSTS = ("p1", "p2", "p3")
MEMBERS = ("ana", "bea", "eva")


class Drawn(NamedTuple):
    """A game and what happens in it.

    `is_calm`: nothing in it depends on when timers run. `is_late`: some of it is told late.
    """

    game: str
    history: tuple[Step, ...]
    is_calm: bool
    is_late: bool


def drawn(seed: int, length: int = 60) -> Drawn:
    """The game and the history of a seed."""
    dice = random.Random(seed)
    kind = dice.choice(["calm", "late", "timed"])
    lot = Lot(dice, is_calm=kind == "calm", is_late=kind == "late")
    game = lot.game()
    return Drawn(game, tuple(lot.history(length)), lot.is_calm, lot.is_late)


class Lot:
    """Draws."""

    def __init__(self, dice: random.Random, *, is_calm: bool, is_late: bool) -> None:
        self.dice = dice
        self.is_calm = is_calm
        self.is_late = is_late
        self.badges = [f"b{number}" for number in range(dice.randint(1, 5))]
        self.rules = [f"r{number}" for number in range(dice.randint(1, 6))]
        self.sources: dict[str, None] = {}

    def game(self) -> str:
        """One that says a little of everything."""
        dice = self.dice
        text = HEAD.format(zone=dice.choice(ZONES), day_begins=dice.choice([0, 0, 4]))
        text += self.currencies()
        text += "items: {llave: {name: Llave, type: narrative_key}}\n"
        text += "streaks:\n" + self.streaks()
        text += "rules:\n" + "".join(f"  {key}: {self.rule(key)}\n" for key in self.rules)
        text += "  z0: {when: signal.seen, where: {hour: 0..3}, pays: {flags: [listo, visto], items: {llave: 1}}}\n"
        text += "badges:\n" + "".join(f"  {key}: {self.badge(number)}\n" for number, key in enumerate(self.badges))
        text += "  esp: {name: Esp, kind: special, pays: {besitos: 3}}\n"
        text += self.maybe("caps", "c", self.cap, 3)
        text += self.maybe("boosts", "x", self.boost, 2)
        text += self.maybe("missions", "m", self.mission, 3)
        text += self.maybe("rewards", "w", self.reward, 2)
        text += self.levels() + self.grades() + self.gift()
        return text

    def maybe(self, section: str, letter: str, draw: Any, most: int) -> str:  # noqa: ANN401 - draws a definition
        number = self.dice.randint(0, most)
        rows = "".join(f"  {letter}{each}: {draw()}\n" for each in range(number))
        return f"{section}:\n{rows}" if rows else ""

    def currencies(self) -> str:
        most = self.dice.choice(["", "", ", max_balance: 60"])
        return f"currencies: {{besitos: {{name: besitos{most}, bonus_expires: 2d}}, gemas: {{name: gemas}}}}\n"

    def streaks(self) -> str:
        dice = self.dice
        every = dice.choice(["day", "day", "week"])
        bonuses = f", bonuses: {{2: {{besitos: 4}}, {dice.randint(3, 4)}: {{xp: 6}}}}"
        when = "[message.posted, reply.posted, signal.seen]"
        return (
            f"  racha: {{name: Racha, when: {when}, every: {every}{bonuses}}}\n"
            f"  larga: {{name: Larga, when: {when}, where: {{hour: 3..20}}, day: utc}}\n"
        )

    # -------------------------------------------------------------------------------------------- conditions
    def condition(self, *, at_post: bool = False, per: bool = False, goals: bool = False) -> str:
        """A few lines; `per` wants one that is read at a post."""
        dice = self.dice
        lines = [self.fact(at_post=at_post, goals=goals) for _ in range(dice.choice([1, 1, 2, 3]))]
        if per:
            lines[0] = self.metric(dice.choice(PER_POST), goals=goals)
        if dice.random() < 0.25:
            facts = ", ".join(self.fact(at_post=at_post, goals=goals) for _ in range(2))
            lines.append(f"{{any: [{facts}]}}")
        return f"[{', '.join(dict.fromkeys(lines))}]"

    def fact(self, *, at_post: bool, goals: bool) -> str:
        dice, chance = self.dice, self.dice.random()
        if chance < 0.5:
            return self.metric(dice.choice(COUNTS), goals=goals)
        if chance < 0.7:
            name = dice.choice(PER_POST)
            return self.metric(name, goals=goals, at="" if at_post and dice.random() < 0.7 else dice.choice(POSTS))
        if chance < 0.85:
            return self.built_in(goals=goals)
        what = dice.choice(
            [f"badge: {dice.choice(self.badges)}", f"flag: {dice.choice(FLAGS)}", "item: llave", "badge: esp"]
        )
        return f"{{not: {{{what}}}}}" if dice.random() < 0.3 and not goals else f"{{{what}}}"

    def metric(self, name: str, *, goals: bool, at: str = "") -> str:
        least = self.dice.choice([1, 1, 2, 2, 3, 4, 6])
        wanted = (
            f"{least}+"
            if self.dice.random() < 0.85 or goals
            else self.dice.choice([f"..{least}", f"{least}..{least + 2}"])
        )
        span = f", in: {self.dice.choice(SPANS)}" if self.dice.random() < 0.3 and not goals else ""
        return f"{{{name}: {wanted}{span}{f', at: {at}' if at else ''}}}"

    def built_in(self, *, goals: bool) -> str:
        dice = self.dice
        if goals:
            return dice.choice(["{earned: 8+}", "{badges: 1+}", "{daily_gifts: 1+}", "{xp: 6+}"])
        facts = [
            "{balance: 10+}", "{earned: 25+}", "{earned: 12+, in: day}", "{earned: 5+, of: gemas}", "{xp: 9+}",
            "{xp: 4+, in: 2d}", "{level: 2+}", "{level: ..2}", "{streak: 2+, of: racha}",
            "{best_streak: 2+, of: larga}", "{badges: 2+}", "{badges: 1+, in: week}", "{daily_gifts: 2+}",
            "{missions_completed: 1+}", "{rewards_claimed: 1+}", "{member: vip}", "{member: free}",
        ]  # fmt: skip
        if not self.is_calm:
            facts += ["{member_for: 30h+}", "{member_for: 3d+}"]
        return dice.choice(facts)

    # -------------------------------------------------------------------------------------------- what pays
    def rule(self, key: str) -> str:
        dice = self.dice
        kind = dice.choice(KINDS) if dice.random() < 0.8 else dice.choice(EVENTS)
        parts = [f"when: {kind}", f"pays: {self.payout(kind)}"]
        if where := self.where(kind):
            parts.append(f"where: {where}")
        if dice.random() < 0.35:
            parts.append(f"if: {self.condition(at_post=kind == 'vote.cast')}")
        if dice.random() < 0.5 or kind in EVENTS:
            limits = dict.fromkeys(self.limit(kind) for _ in range(dice.choice([1, 1, 2])))
            parts.append(f"limit: [{', '.join(limits)}]")
        source = "comun" if dice.random() < 0.2 else key
        self.sources[source] = None
        parts.append(f"source: {source}")
        if dice.random() < 0.1 and not self.is_calm:
            parts.append("quarantine: 5h")
        if dice.random() < 0.1:
            parts.append("from: 2026-03-07 12:00")
        return f"{{{', '.join(parts)}}}"

    def where(self, kind: str) -> str:
        known = ["{weekday: [sat, sun, mon]}", "{hour: 8..22}", "{member_type: free}"]
        own = {
            "message.posted": ["{length: 3+}", "{chat: {not: uno}}", "{length: 2..6, chat: [uno, dos]}"],
            "vote.cast": ["{post.topic: mar}", "{delta: 1+}", "{voter: {not: [v1]}}"],
        }
        return self.dice.choice([*known, *own.get(kind, [])]) if self.dice.random() < 0.35 else ""

    def payout(self, kind: str) -> str:
        dice, words = self.dice, {}
        if dice.random() < 0.8:
            words["besitos"] = self.amount(kind)
        if dice.random() < 0.4:
            words["xp"] = str(dice.randint(1, 6))
        if dice.random() < 0.2:
            words["gemas"] = dice.choice(["1", "2", "-1"])
        if dice.random() < 0.1 and not self.is_calm:
            words["bonus"] = str(dice.randint(1, 6))
        if dice.random() < 0.08:
            words["flags"] = f"[{dice.choice(FLAGS)}]"
        if dice.random() < 0.08:
            words["badges"] = "[esp]"
        if dice.random() < 0.06:
            words["items"] = "{llave: 1}"
        if dice.random() < 0.06 and not self.is_calm:
            words["vip"] = "1d"
        words = words or {"xp": "1"}
        return f"{{{', '.join(f'{word}: {amount}' for word, amount in words.items())}}}"

    def amount(self, kind: str) -> str:
        dice = self.dice
        units = {"message.posted": "length", "live.watched": "minutes"}.get(kind)
        if units and dice.random() < 0.4:
            return dice.choice([f"1 per 3 {units}", f"2 per {units}", f"{{free: 1 per 4 {units}, vip: 3}}"])
        return dice.choice(["1", "2", "5", "7", "12", "-2", "-6", "{free: 2, vip: 5}", "{free: 0, vip: 3}"])

    def limit(self, kind: str) -> str:
        every = [
            "3/day", "2/hour", "4/week", "2/90m", "3/1d", "2/3d", "10 besitos/day", "9 besitos/2h", "20 besitos/2d",
            "15 besitos/9d", "25 besitos/week", "5 xp/day", "6/ever", "5/day for all", "30 besitos/day for all",
        ]  # fmt: skip
        own = {
            "vote.cast": [
                "1/ever per post",
                "2/day per voter",
                "8 besitos/day per post",
                "3/3h per post",
                "2/ever per post for all",
            ],
            "message.posted": ["2/day per chat", "1/1h per chat"],
        }
        return self.dice.choice([*every, *own.get(kind, []), *own.get(kind, [])])

    def badge(self, number: int) -> str:
        dice = self.dice
        parts = [f"name: B{number}"]
        is_per = dice.random() < 0.45
        if is_per:
            parts += ["per: post", f"if: {self.condition(at_post=True, per=True)}"]
            if dice.random() < 0.3:
                parts.append("once: true")
        else:
            parts.append(f"if: {self.condition()}")
        if dice.random() < 0.15:
            parts.append("limit: 2/ever for all")
        if dice.random() < 0.5:
            parts.append(f"pays: {dice.choice(PAYOUTS)}")
        if dice.random() < 0.1:
            parts.append("from: 2026-03-08 03:00")
        return f"{{{', '.join(parts)}}}"

    def cap(self) -> str:
        dice = self.dice
        known = list(self.sources)
        sources = dice.choice(["all", f"[{known[0]}, badge]", "[streak, level, mission]", f"[{', '.join(known)}]"])
        amounts = ["15 besitos/day", "12 besitos/3h", "30 besitos/week", "9 xp/day", "40 besitos/9d"]
        limit = dice.choice([*amounts, "4/day", "3/2h", "9/2d"])
        parts = [f"sources: {sources}", f"limit: {limit}"]
        if limit in amounts and dice.random() < 0.4:
            parts.append("net: true")
        chance = dice.random()
        if chance < 0.15:
            parts.append("then: report")
        elif chance < 0.3 and not self.is_calm:
            parts.append("then: quarantine")
        return f"{{{', '.join(parts)}}}"

    def boost(self) -> str:
        dice = self.dice
        parts = ["name: Impulso", f"multiply: {dice.choice(['2', '1.5', '0.5', '1.33'])}"]
        if dice.random() < 0.4:
            parts.append(f"sources: [{dice.choice([*list(self.sources)[:1], 'badge', 'daily_gift'])}]")
        if dice.random() < 0.3:
            parts.append("currency: xp")
        if dice.random() < 0.4:
            parts.append(f"if: {self.condition()}")
        return f"{{{', '.join(parts)}}}"

    def mission(self) -> str:
        dice = self.dice
        parts = ["name: M", "type: special", f"goals: {self.condition(goals=True)}"]
        parts.append(f"pays: {dice.choice(['{besitos: 9}', '{xp: 4}', '{items: {llave: 1}}'])}")
        if dice.random() < 0.5:
            parts.append(f"repeats: {dice.choice(['daily', 'weekly'])}")
        if dice.random() < 0.4:
            parts.append(f"lasts: {dice.choice(['5h', '2d'])}")
        if dice.random() < 0.3:
            parts.append(f"if: {self.condition()}")
        return f"{{{', '.join(parts)}}}"

    def reward(self) -> str:
        dice = self.dice
        parts = [
            "name: W",
            f"pays: {dice.choice(['{besitos: 8}', '{xp: 3}'])}",
            f"claim_within: {dice.choice(['9h', '3d'])}",
        ]
        if dice.random() < 0.7:
            parts.append(f"if: {self.condition()}")
        if dice.random() < 0.4:
            parts.append(f"limit: {dice.choice(['1/day', '2/week', '3/ever for all', '2/9h'])}")
        return f"{{{', '.join(parts)}}}"

    def levels(self) -> str:
        dice = self.dice
        curve = dice.choice(["{linear: 12}", "{exponential: {base: 8, growth: 1.5}}"])
        pays = dice.choice(["", ", pays: {besitos: 3}", ", pays: {xp: 2}", ", steps: {2: {pays: {besitos: 15}}}"])
        return f"levels: {{curve: {curve}{pays}}}\n"

    def grades(self) -> str:
        return (
            "grades: {nueva: {name: N, min_xp: 0}, vieja: {name: V, min_xp: 9}, mia: {name: M, min_xp: 15, for: vip}}\n"
        )

    def gift(self) -> str:
        dice = self.dice
        auto = dice.choice(["true", "false"])
        asks = f", if: {self.condition()}" if dice.random() < 0.2 else ""
        return f"daily_gift: {{pays: {{besitos: 5, xp: 1}}, day: {dice.choice(['utc', 'game'])}, auto: {auto}{asks}}}\n"

    # -------------------------------------------------------------------------------------------- what happens
    def history(self, length: int) -> Iterator[Step]:
        """What three members do; a few things are told late, in games that take it."""
        dice = self.dice
        now = dice.choice(WEEKS) + timedelta(hours=dice.randint(0, 72), seconds=dice.randint(0, 3_600))
        for who in MEMBERS:
            yield Step("signal.seen", now, who, {})
        for _ in range(length):
            now += timedelta(minutes=dice.choice([0, 0, 1, 7, 40, 100, 300, 900]), seconds=dice.randint(1, 59))
            step = self.step(now, dice.choice(MEMBERS))
            if self.is_late and dice.random() < 0.15:
                step = replace(step, at=now - timedelta(minutes=dice.choice([3, 50, 700, 2_000, 5_000])))
            yield step

    def step(self, at: datetime, who: str) -> Step:
        dice = self.dice
        post, chat = dice.choice(POSTS), dice.choice(["uno", "dos"])
        match dice.randint(0, 13):
            case 0 | 1 | 2 | 3:
                kind, said = "message.posted", {"length": dice.randint(1, 9), "chat": chat}
            case 4 | 5 | 6 | 7:
                delta = dice.choice([1, 1, 2, -1, -3])
                kind, said = "vote.cast", {"post": post, "voter": dice.choice(["v1", "v2", "v3"]), "delta": delta}
            case 8:
                kind, said = "post.begun", {"post": post, "topic": dice.choice(["mar", "sol"])}
            case 9:
                kind, said = "live.watched", {"live": "l1", "minutes": dice.randint(1, 9)}
            case 10:
                kind, said = "daily.claim", {}
            case 11:
                kind, said = "reward.claim", {"reward": dice.choice(["w0", "w1"])}
            case 12:
                kind, said = "reply.posted", {"chat": chat}
            case _:
                kind, said = "signal.seen", {}
        return Step(kind, at, who, said)
