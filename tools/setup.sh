#!/bin/sh
# Make .venv hold what requirements/$1.txt locks, and besitos itself: with uv when there is one, with pip otherwise.
#
# Every file that arrives is compared with its hash in the lock. PYTHON names the interpreter; otherwise the first
# one that is 3.11 or newer is taken.
set -eu
cd "$(dirname "$0")/.."
lock=requirements/$1.txt

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
}

set_up_with_uv() {
    if ! is_new_enough .venv/bin/python; then
        uv venv --quiet --clear --python "${python:->=3.11}" .venv
    fi
    uv pip install --quiet --python .venv/bin/python --require-hashes --requirement "$lock"
    uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
}

set_up_with_pip() {
    if [ -z "$python" ]; then
        echo "besitos needs Python 3.11 or newer: install it (Debian and Ubuntu: apt install python3 python3-venv)," >&2
        echo "or say where it is: make PYTHON=/path/to/python3." >&2
        exit 1
    fi
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1 || ! is_new_enough .venv/bin/python; then
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            echo "$python cannot make a virtual environment. Install what it lacks (Debian and Ubuntu:" >&2
            echo "apt install python3-venv), or install uv, and run make again." >&2
            exit 1
        fi
        "$python" -m venv --clear .venv
    fi
    pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore .venv/bin/python -m pip install --quiet"
    $pip --require-hashes --requirement "$lock"
    $pip --no-deps --no-build-isolation --editable .
}

python=$(find_python)
echo "Setting up .venv from $lock" >&2
if command -v uv >/dev/null 2>&1; then
    set_up_with_uv
else
    set_up_with_pip
fi
