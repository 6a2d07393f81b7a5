"""What goes on until it is stopped: everything in one process, and its parts alone."""

import json
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.calling import Call, finish, start

PATIENCE = 60


@contextmanager
def running(*args: str, signs: str) -> Iterator["tuple[subprocess.Popen[str], str]"]:
    """A process that has said what matches `signs`, ended with the test."""
    process = start(*args)
    try:
        yield process, heard(process, signs)
    finally:
        process.kill()
        process.communicate()


def heard(process: "subprocess.Popen[str]", signs: str) -> str:
    """Read what it says until it has said it."""
    assert process.stderr is not None
    said = ""
    while line := process.stderr.readline():
        said += line
        if match := re.search(signs, line):
            return match[0]
    pytest.fail(f"it ended without a word of {signs}: {said}")


def answer(url: str) -> int:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return int(response.status)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def test_run_makes_a_house_answers_and_stops_when_told(besitos: Call) -> None:
    with running("run", "--port", "0", signs=r"http://127\.0\.0\.1:\d+") as (process, url):
        assert answer(f"{url}/readyz") == 200
        heard(process, "besitos chat")
        besitos.well("member", "create", "ext:ana")
        besitos.well("grant", "ext:ana", "5")
        assert besitos.json("game", "show")["author"] == "besitos"

        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        said = finish(process, 20)

    assert said.code == 0
    assert time.monotonic() - began < 10
    assert "Traceback" not in said.err
    assert besitos.balance("ext:ana") == 5


def test_ctrl_c_stops_it_too_and_a_second_run_goes_on(small_house: Call) -> None:
    for _ in range(2):
        with running("run", "--port", "0", signs=r"http://127\.0\.0\.1:\d+") as (process, url):
            assert answer(f"{url}/healthz") == 200
            process.send_signal(signal.SIGINT)
            assert finish(process, 20).code == 0
    assert small_house.json("game", "show")["version"] == 1


def test_the_api_alone_answers_on_each_database(house: Call) -> None:
    key = house.json("keys", "create", "test")["key"]
    house.well("member", "create", "ext:ana")

    with running("api", "--port", "0", signs=r"http://127\.0\.0\.1:\d+") as (process, url):
        answer(f"{url}/readyz")
        request = urllib.request.Request(f"{url}/api/v1/members/ext:ana", headers={"authorization": f"Bearer {key}"})
        with urllib.request.urlopen(request, timeout=10) as response:
            assert json.load(response)["external_id"] == "ana"
        process.send_signal(signal.SIGTERM)
        assert finish(process, 20).code == 0


@pytest.mark.usefixtures("small_house")
def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        said = finish(start("api", "--port", str(taken.getsockname()[1])))

    assert said.code == 1
    assert "cli.port_taken" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("role", ["api", "worker"])
def test_a_part_alone_does_not_migrate(besitos: Call, role: str) -> None:
    said = besitos(role)

    assert said.code == 1
    assert "schema.missing" in said.err


def test_a_bot_needs_a_token_that_looks_like_one(small_house: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cli.no_token" in small_house("bot").err
    monkeypatch.setenv("BOT_TOKEN", "no token at all")

    said = finish(start("bot"))

    assert said.code == 2
    assert "bot.token_malformed" in said.err
    assert "no token at all" not in said.err


@pytest.mark.usefixtures("house")
def test_the_worker_works_until_it_is_told_to_stop() -> None:
    with running("worker", signs="jobs are running") as (process, _):
        process.send_signal(signal.SIGTERM)

        assert finish(process, 20).code == 0
