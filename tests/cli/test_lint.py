"""What lint finds, from the command line: shown after what is wrong, and never a failure."""

from pathlib import Path

from tests.cli.calling import Call

GAME = """\
game: {name: Casa}
rules:
  charla: {when: message.posted, pays: {besitos: 1}}
"""


def test_a_check_shows_what_lint_finds_and_succeeds(small_house: Call) -> None:
    Path("casa.yaml").write_text(GAME)

    (finding,) = small_house.json("game", "check", "casa.yaml")["findings"]

    assert (finding["code"], finding["path"], finding["line"]) == (
        "mints_without_limit",
        "rules.charla.pays.besitos",
        3,
    )
    said = small_house.well("game", "check", "casa.yaml")
    assert "casa.yaml:3:50: rules.charla.pays.besitos: " in said.out + said.err


def test_a_plan_and_an_apply_show_it_too(house: Call) -> None:
    Path("casa.yaml").write_text(GAME)

    (finding,) = house.json("game", "plan", "casa.yaml")["findings"]
    said = house.well("game", "apply", "casa.yaml")

    assert finding["code"] == "mints_without_limit"
    assert "rules.charla.pays.besitos: " in said.out + said.err
