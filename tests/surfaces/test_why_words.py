"""Why, in words: what paid, what did not and why, for members and for operators, in both languages."""

from collections.abc import Sequence

import pytest

from besitos.core.activity import Activity
from besitos.engine.codec import to_raw
from besitos.engine.outcome import Outcome
from besitos.game.catalogue import ACTIVITIES, VERBS
from besitos.game.document import Document
from besitos.mechanics.badge.model import GiveBadge
from besitos.store.why import Explained
from besitos.surfaces.texts import LANGUAGES, Texts
from besitos.surfaces.texts.amounts import Amounts
from besitos.surfaces.texts.missing import Missing, is_hidden, is_open
from besitos.surfaces.texts.why import Told, Why
from tests.mechanics.scene import Scene, done
from tests.world import ANA, MONDAY, document, happened, message, new_key

GAME = """
metrics: {mensajes: {when: thing.done, name: {es: mensajes, en: messages}}}
rules:
  charla: {when: thing.done, pays: {besitos: 1, xp: -3}, limit: 2/day, name: {es: Charla, en: Chat}}
  muda: {when: thing.done, if: [{mensajes: 9+}, {badge: oculta}], pays: {besitos: 1}}
badges:
  oculta: {name: Oculta, kind: special, secret: true, pays: {besitos: 50}, limit: 1/ever for all}
  hito: {name: Hito, kind: milestone, if: {mensajes: 3+}, pays: {besitos: 7}}
"""
INTERNAL = {"happened"}


async def told(text: str, *activities: Activity, language: str = "es", is_operator: bool = False) -> list[list[Told]]:
    """What is said of each."""
    scene = await Scene.of(text)
    document = scene.engine.game.document
    words = words_of(document, language, is_operator=is_operator)
    outcomes = await scene.do(*activities)
    return [words.told(explained(each, outcome)) for each, outcome in zip(activities, outcomes, strict=True)]


def words_of(document: Document, language: str, *, is_operator: bool = False) -> Why:
    texts = Texts(language)
    return Why(texts, document, Missing(texts, document, is_open if is_operator else is_hidden))


def explained(activity: Activity, outcome: Outcome) -> Explained:
    trace = to_raw(outcome.trace)
    return Explained(
        activity.key, activity.member_id, activity.topic, "{}", to_raw(outcome), trace, 1, activity.occurred_at
    )


def sentences(lines: Sequence[Told]) -> list[str]:
    return [each.sentence for each in lines]


def give(badge: str, member_id: int = ANA) -> GiveBadge:
    return GiveBadge(key=new_key(), member_id=member_id, occurred_at=MONDAY, badge=badge)


async def test_what_paid_comes_first_then_what_did_not_and_why() -> None:
    [first] = await told(GAME, done())

    assert sentences(first)[-1] == "muda: todavía no: te faltan 8 mensajes, algo que aún no conoces"
    assert sentences(first)[0].startswith("Charla: +1 besito")
    assert first[0].amounts["besitos"] == 1
    assert (first[-1].reason, first[-1].part) == ("condition.unmet", "rule/muda")


async def test_a_limit_is_said_as_people_say_it() -> None:
    said = (await told(GAME, done(), done(), done()))[2]
    in_english = (await told(GAME, done(), done(), done(), language="en"))[2]

    assert "Charla: Se alcanzó el límite: 2 veces al día" in sentences(said)
    assert "Chat: The limit is reached: 2 times a day" in sentences(in_english)
    assert "muda: not yet: 6 messages to go, something you do not know yet" in sentences(in_english)


async def test_a_limit_says_of_what_it_is_one_each_and_whether_all_share_it() -> None:
    text = "rules: {a: {when: thing.done, pays: {besitos: 1}, limit: [1/ever per who, 1/day for all], name: A}}"

    of_a_post = (await told(text, done(who="p"), done(who="p")))[1]
    of_all = (await told(text, done(who="p"), done(member_id=2, who="q")))[1]

    assert sentences(of_a_post) == ["A: Se alcanzó el límite: una vez y no más por cada who"]
    assert sentences(of_all) == ["A: Se alcanzó el límite: una vez al día, entre todos"]


async def test_what_is_given_besides_money_is_told_with_what_was_paid() -> None:
    text = (
        "badges: {a: {name: Amiga, kind: special}, h: {name: Hito, kind: milestone, if: {level: 1+}}}\n"
        "levels: {curve: {linear: 100}}\n"
        "rules:\n"
        "  r: {when: thing.done, pays: {besitos: 5, vip: 7d, badges: [a], flags: [f]}, name: R, limit: 1/ever}\n"
        "  s: {when: thing.done, where: {n: 2}, pays: {vip: 1d}, name: S}\n"
    )

    members = await told(text, done(), done(n=2), done())
    operators = await told(text, done(), is_operator=True)

    assert "R: +5 besitos, «Amiga», 7 días de VIP" in sentences(members[0])
    assert "S: 1 día de VIP" in sentences(members[1])
    assert "R: +5 besitos, «Amiga», «f», 7 días de VIP" in sentences(operators[0])


async def test_operators_are_told_secrets_by_name() -> None:
    [first] = await told(GAME, done(), is_operator=True)

    assert sentences(first)[-1] == "muda: todavía no: te faltan 8 mensajes, te falta «Oculta»"


async def test_a_milestone_pays_members_namelessly_and_a_secret_one_by_name_once_it_is_theirs() -> None:
    lines = await told(GAME, done(), done(), done(), give("oculta"))
    operators = await told(GAME, done(), done(), done(), is_operator=True)

    assert "algo que aún no conoces: +7 besitos" in sentences(lines[2])
    assert "Hito: +7 besitos" in sentences(operators[2])
    assert sentences(lines[3]) == ["Oculta: +50 besitos"]


async def test_what_was_refused_says_why() -> None:
    lines = (await told(GAME, give("oculta"), give("oculta")))[1]

    assert sentences(lines) == ["No se aceptó: Ya tiene esa insignia"]
    assert lines[0].reason == "badge.already_held"


async def test_a_secret_that_did_not_pay_is_not_named_to_members() -> None:
    text = (
        "metrics: {m: {when: thing.done}}\n"
        "badges: {s: {name: Sombra, secret: true, if: {m: 1+}, limit: 1/ever for all}}"
    )

    members = (await told(text, done(), done(member_id=2)))[1]
    operators = (await told(text, done(), done(member_id=2), is_operator=True))[1]

    assert not any("Sombra" in sentence for sentence in sentences(members))
    assert any("Sombra" in sentence for sentence in sentences(operators))


async def test_what_waits_for_review_is_said_to_wait() -> None:
    text = (
        "rules: {r: {when: thing.done, pays: {besitos: 5}}}\ncaps: {c: {limit: 1/day, sources: [r], then: quarantine}}"
    )

    lines = (await told(text, done(), done()))[1]

    assert "r: +5 besitos, en revisión" in sentences(lines)


async def test_a_boost_is_called_by_its_name() -> None:
    text = "rules: {r: {when: thing.done, pays: {besitos: 5}}}\nboosts: {b: {name: Perfume, multiply: 2}}"

    [lines] = await told(text, done())

    assert sentences(lines) == ["r: +10 besitos", "r: Con Perfume, de 5 a 10 besitos"]


async def test_what_nothing_pays_for_says_so() -> None:
    [lines] = await told("rules: {r: {when: message.posted, pays: {besitos: 5}}}", done())

    assert sentences(lines) == ["Nada del juego paga por esto."]


async def test_an_activity_is_called_as_the_game_describes_it_or_by_our_words() -> None:
    scene = await Scene.of("", kinds="salary.paid: {description: {es: La nómina, en: The salary}}")
    words = words_of(scene.engine.game.document, "en")

    def title(kind: str) -> str:
        return words.title(explained(message(ANA), Outcome())._replace(kind=kind))

    assert [title(kind) for kind in ("salary.paid", "message.posted", "thing.done")] == [
        "The salary",
        "A message",
        "thing.done",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_that_we_know_has_a_title(language: str) -> None:
    texts = Texts(language)

    assert {kind for kind in {*ACTIVITIES, *VERBS} - INTERNAL if not texts.has(f"why.kind.{kind}")} == set()


@pytest.mark.parametrize(
    ("n", "currency", "es", "en"),
    [
        (1, "besitos", "1 besito", "1 besito"),
        (2, "besitos", "2 besitos", "2 besitos"),
        (1, "petalos", "1 🌸", "1 🌸"),
        (2, "petalos", "2 pétalos", "2 petals"),
        (0, "petalos", "0 pétalos", "0 petals"),
        (1, "gemas", "1 Gemas", "1 Gemas"),
        (5, "xp", "5 XP", "5 XP"),
        (1, "nada", "1 nada", "1 nada"),
    ],
)
def test_one_of_a_currency_is_never_said_in_the_plural_where_it_has_a_symbol(
    n: int, currency: str, es: str, en: str
) -> None:
    game = """
game: {name: Plaza}
currencies:
  besitos: {name: {es: besitos, en: besitos}, symbol: 💋}
  petalos: {name: {es: pétalos, en: petals}, symbol: 🌸}
  gemas: {name: Gemas}
"""
    currencies = document(game).currencies

    assert [Amounts(Texts(language), currencies).amount(n, currency) for language in ("es", "en")] == [es, en]


@pytest.mark.parametrize(
    ("limit", "es", "en"),
    [
        ("1/ever", "una vez y no más", "once and no more"),
        ("200 besitos/day", "200 besitos al día", "200 besitos a day"),
        ("5/24h", "5 veces cada 1 día", "5 times every 1 day"),
        ("3/day per chat for all", "3 veces al día por cada chat, entre todos", "3 times a day per chat, among all"),
        ("nonsense", "nonsense", "nonsense"),
    ],
)
def test_limits_are_said_in_words(limit: str, es: str, en: str) -> None:
    assert [Amounts(Texts(language), {}).limit(limit) for language in ("es", "en")] == [es, en]


async def test_a_cap_that_only_reports_is_for_operators_to_hear_of() -> None:
    game = "rules: {a: {when: thing.done, pays: {besitos: 5}}}\ncaps: {b: {limit: 1/day, sources: all, then: report}}\n"

    _, to_member = await told(game, done(), done())
    _, to_operator = await told(game, done(), done(), is_operator=True)

    assert [each.part for each in to_member] == ["rule/a"]
    assert [each.reason for each in to_operator] == ["", "cap.reached"]


async def test_an_activity_of_the_games_own_is_called_by_its_name() -> None:
    scene = await Scene.of("", kinds="book.read: {name: {es: Un libro, en: A book}, description: Leer entero.}")
    read = happened(ANA, "book.read")
    [outcome] = await scene.do(read)

    assert words_of(scene.engine.game.document, "en").title(explained(read, outcome)) == "A book"
