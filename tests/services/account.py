"""Whom a server runs as: PostgreSQL refuses to be root, so root hands it to somebody else."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.services.errors import ServiceError

STAND_INS = ("postgres", "nobody")
CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True)
class Account:
    """A user of this machine; `stand_in` is nobody else than ourselves when it is None."""

    stand_in: pwd.struct_passwd | None

    def run_options(self) -> dict[str, Any]:
        """What `subprocess` needs to run something as this user, without our environment and folder."""
        options: dict[str, Any] = {"env": CLEAN_ENVIRONMENT, "cwd": "/"}
        if self.stand_in is not None:
            options |= {"user": self.stand_in.pw_uid, "group": self.stand_in.pw_gid, "extra_groups": []}
        return options

    def new_folder(self, prefix: str) -> Path:
        """An empty folder that only this user (and root) may enter; its path is short, as sockets need it."""
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
        self.give(folder)
        return folder

    def give(self, path: Path) -> None:
        """Make this user the owner."""
        if self.stand_in is not None:
            os.chown(path, self.stand_in.pw_uid, self.stand_in.pw_gid)

    def check_can_write(self, folder: Path) -> None:
        """Refuse a folder that this user cannot reach, as those below /root are for everybody else."""
        if self._test("-w", folder):
            return
        name = self.stand_in.pw_name if self.stand_in is not None else "this user"
        message = f"{name}, who runs PostgreSQL here, cannot write in {folder}: choose a folder that others can enter"
        raise ServiceError(message)

    def reachable_copy(self, programs: Path, room: Path) -> Path:
        """The same programs where this user can start them: a wheel below /root is copied, with its libraries."""
        if self._test("-x", programs / "postgres"):
            return programs
        prefix = programs.parent
        libraries = prefix.parent.with_name(f"{prefix.parent.name}.libs")
        copy = room / "programs" / prefix.parent.name / prefix.name
        shutil.copytree(prefix, copy, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, room / "programs" / libraries.name, symlinks=True)
        return copy / programs.name

    def _test(self, question: str, path: Path) -> bool:
        return subprocess.run(["test", question, path], check=False, **self.run_options()).returncode == 0


def server_account() -> Account:
    """Ourselves, or for root the first stand-in that exists."""
    if os.geteuid() != 0:
        return Account(None)
    known = {user.pw_name: user for user in pwd.getpwall()}
    for name in STAND_INS:
        if name in known:
            return Account(known[name])
    message = "PostgreSQL does not run as root, and there is no user postgres or nobody: use an ordinary user"
    raise ServiceError(message)
