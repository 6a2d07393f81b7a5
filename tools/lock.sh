#!/bin/sh
# Remake requirements/*.txt: exact versions with hashes, for every platform and Python we run on, naming no host.
#
# Versions that still fit are kept; `tools/lock.sh --upgrade` takes the newest, `--upgrade-package NAME` one of them.
set -eu
cd "$(dirname "$0")/.."

uv=$(command -v uv || echo .venv/bin/uv)
if ! "$uv" --version >/dev/null 2>&1; then
    echo "The lock is made with uv, which is not here: install it with 'pip install uv', or put it on the PATH." >&2
    exit 1
fi

lock() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" "$@"
}

lock pyproject.toml --group build --output-file requirements/run.txt "$@"
lock pyproject.toml --group dev --constraints requirements/run.txt --output-file requirements/dev.txt "$@"

if grep --line-number "://" requirements/*.txt; then
    echo "These lines name a host; a lock must install from any index." >&2
    exit 1
fi
