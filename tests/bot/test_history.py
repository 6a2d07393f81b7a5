"""The history: pages, filters, and what stands in a line."""

from datetime import timedelta

from besitos.core.transfer import Policy
from besitos.playground import Message
from tests.bot.stage import EVENING, Stage, hours, labels, lines
from tests.world import grant, happened, spend, undo

NEWER, OLDER = "\u2039 Más nuevo", "Más antiguo \u203a"


def amounts(message: Message) -> list[str]:
    return [line.split(" · ")[0].removeprefix("✨ ") for line in lines(message) if " · " in line and "✨" in line]


async def test_an_empty_history_says_so(scene: Stage) -> None:
    answer = await scene.ask(scene.playground.person("Ana"), "/historial")

    assert lines(answer) == ["Tu historial", "", "Aquí no hay nada todavía."]
    assert labels(answer) == ["💰 Mi saldo"]


async def test_a_line_says_what_it_was_how_much_what_was_left_and_when(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    member = await scene.member(ana)
    await scene.do(
        happened(member, "salary.paid", EVENING - timedelta(days=10)),
        spend(member, 30, EVENING - timedelta(days=3), note="dos <b>entradas</b>"),
        grant(member, 1, EVENING - hours(2)),
    )
    await scene.ask(ana, "/diario")

    answer = await scene.ask(ana, "/historial")

    assert lines(answer) == [
        "Tu historial",
        "",
        "🎁 +5 XP · Regalo diario",
        "     ahora mismo · saldo: 5 XP",
        "",
        "🎁 +10 besitos · Regalo diario",
        "     ahora mismo · saldo: 81 besitos",
        "",
        "✨ +1 besito · Abono",
        "     hace 2 h · saldo: 71 besitos",
        "",
        "🧾 \u221230 besitos · Cargo",
        "     hace 3 días · saldo: 70 besitos",
        "     «dos <b>entradas</b>»",
        "",
        "💬 +100 besitos · Participación, Nómina",
        "     14 nov 2026 · saldo: 100 besitos",
    ]


async def test_what_was_undone_is_marked_and_a_debt_is_told(scene: Stage) -> None:
    ana = scene.playground.person("Ana", language_code="en")
    member = await scene.member(ana)
    await scene.do(grant(member, 50, EVENING - hours(3)), spend(member, 40, EVENING - hours(2)))
    await scene.do(undo(f"{member}-1", Policy.DEBT, EVENING - hours(1)))

    history, balance = await scene.ask(ana, "/history"), await scene.ask(ana, "/balance")

    assert lines(history)[-3:] == [
        "✨ +50 besitos · Grant",
        "     3 h ago · balance: 50 besitos",
        "     ⏪ undone later",
    ]
    assert "     🤝 you owe 40 besitos: what you earn next pays it first" in lines(balance)


async def test_pages_go_back_and_forth_without_dead_arrows(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    member = await scene.member(ana)
    await scene.do(*(grant(member, number, EVENING) for number in range(1, 21)))

    first = await scene.ask(ana, "/historial")
    _, second = await scene.press(ana, first, OLDER)
    _, third = await scene.press(ana, second, OLDER)
    toast, back = await scene.press(ana, third, NEWER)
    _, start = await scene.press(ana, back, NEWER)

    assert [len(amounts(page)) for page in (first, second, third)] == [8, 8, 4]
    assert amounts(first)[0] == "+20 besitos"
    assert amounts(third)[-1] == "+1 besito"
    assert [labels(page)[:-1] for page in (first, second, third)] == [
        [OLDER],
        [NEWER, OLDER],
        [NEWER],
    ]
    assert (back.text, start.text, toast.text) == (second.text, first.text, "")
    assert {page.message_id for page in (second, third, back, start)} == {first.message_id}


async def test_a_page_that_is_full_shows_no_arrow_to_nothing(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    member = await scene.member(ana)
    await scene.do(*(grant(member, number, EVENING) for number in range(1, 17)))

    first = await scene.ask(ana, "/historial")
    _, second = await scene.press(ana, first, OLDER)
    _, back = await scene.press(ana, second, NEWER)

    assert labels(second)[:-1] == [NEWER]
    assert (back.text, labels(back)) == (first.text, labels(first))


async def test_new_lines_while_one_reads_shift_nothing(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    member = await scene.member(ana)
    await scene.do(*(grant(member, number, EVENING) for number in range(1, 12)))
    first = await scene.ask(ana, "/historial")

    await scene.do(*(grant(member, 500 + number, EVENING) for number in range(3)))
    _, second = await scene.press(ana, first, OLDER)
    _, newer = await scene.press(ana, second, NEWER)
    _, newest = await scene.press(ana, newer, NEWER)

    assert amounts(second) == ["+3 besitos", "+2 besitos", "+1 besito"]
    assert newer.text == first.text
    assert amounts(newest)[0] == "+502 besitos"


async def test_filters_show_one_currency_and_keep_it_over_pages(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    member = await scene.member(ana)
    await scene.do(*(grant(member, number, EVENING) for number in range(1, 11)))
    await scene.do(*(grant(member, number, EVENING, currency="gemas") for number in range(1, 11)))

    everything = await scene.ask(ana, "/historial")
    _, gems = await scene.press(ana, everything, "Gemas")
    _, older = await scene.press(ana, gems, OLDER)
    _, again = await scene.press(ana, older, "Todo")

    assert labels(everything) == [OLDER, "· Todo ·", "besitos", "Gemas", "💰 Mi saldo"]
    assert labels(gems) == [OLDER, "Todo", "besitos", "· Gemas ·", "💰 Mi saldo"]
    assert (lines(gems)[0], lines(older)[0]) == ("Tu historial · Gemas", "Tu historial · Gemas")
    assert amounts(older) == ["+2 Gemas", "+1 💎"]
    assert again.text == everything.text


async def test_pressing_what_is_already_shown_does_no_harm(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    await scene.ask(ana, "/diario")
    page = await scene.ask(ana, "/historial")

    press = await scene.playground.press(ana, page, "· Todo ·")
    toast = await scene.playground.toast(press)
    await scene.settle()

    assert toast.text == ""
    assert scene.playground.messages(ana)[-1] == page


async def test_saldo_and_historial_lead_to_each_other_in_one_message(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    balance = await scene.ask(ana, "/saldo")

    _, history = await scene.press(ana, balance, "📜 Historial")
    _, back = await scene.press(ana, history, "💰 Mi saldo")

    assert (history.message_id, back.message_id, back.text) == (balance.message_id, balance.message_id, balance.text)


async def test_where_the_message_is_gone_a_fresh_one_comes(scene: Stage) -> None:
    ana = scene.playground.person("Ana")
    balance = await scene.ask(ana, "/saldo")
    conversation = scene.playground.telegram.directory.conversations[ana.id]
    conversation.remove(balance.message_id, ana.id)

    toast, history = await scene.press(ana, balance, "📜 Historial")

    assert (toast.text, lines(history)[0]) == ("", "Tu historial")
    assert history.message_id != balance.message_id
