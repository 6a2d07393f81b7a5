"""aiogram costs seconds and memory: only who talks to Telegram pays for it."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module", ["besitos.apps.cli", "besitos.apps.api", "besitos.apps.compose", "besitos.mechanics"]
)
def test_it_does_not_load_aiogram(module: str) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"], capture_output=True, text=True, check=True
    ).stdout.split()

    assert module in loaded
    assert not {"aiogram", "aiohttp"} & set(loaded)
