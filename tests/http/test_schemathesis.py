"""Hundreds of requests made from the OpenAPI document, good and bad: every answer is one that it documents."""

import asyncio
import os
import sys
from pathlib import Path

from besitos.apps.api import listen, serve_on
from tests.http.caller import Caller

HERE = Path(__file__).parent
EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "5")
SEED = os.environ.get("SCHEMATHESIS_SEED", "20261120")


async def test_no_request_finds_an_answer_that_is_not_documented(app: Caller) -> None:
    for name in ("student-9", "student-4"):
        await app.grant(await app.member(name), 10_000)
    listening, stop = listen("127.0.0.1", 0), asyncio.Event()
    serving = asyncio.create_task(serve_on(app.api.app, listening, stop))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/openapi.json"

    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run", url),
        *("--header", f"Authorization: Bearer {app.key}", "--no-color", "--continue-on-failure"),
        *("--max-examples", EXAMPLES, "--seed", SEED, "--generation-database", "none"),
        env={**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE)},
        cwd=HERE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await run.communicate()
    stop.set()
    await serving

    assert run.returncode == 0, said.decode()[-8_000:]
