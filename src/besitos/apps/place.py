"""Where a database stands: the folder of a file, the room left on its disk, what kind of disk that is; its address."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from besitos.apps.settings import data_folder
from besitos.store.database import is_postgresql, sqlite_path

MOUNTS = Path("/proc/mounts")

NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs", "fuse.s3fs"}
)
"""Filesystems on which SQLite's locks and shared memory cannot be relied upon."""


def make_place(url: str) -> None:
    """Make the folder that we chose ourselves. A folder that somebody named is not made: the name may be wrong."""
    if not is_postgresql(url) and sqlite_path(url).parent == data_folder():
        data_folder().mkdir(mode=0o700, parents=True, exist_ok=True)


def room_left(path: Path) -> int:
    """Bytes that are free where `path` stands."""
    return shutil.disk_usage(path.absolute().parent).free


def network_of(path: Path) -> str | None:
    """The network filesystem that `path` stands on; None for an ordinary disk, or where nobody can say."""
    if not MOUNTS.exists():
        return None
    here, best, kind = path.resolve(), Path("/"), ""
    for line in MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, name, *_ = line.split(" ")
        mounted = Path(point.replace("\\040", " "))
        if here.is_relative_to(mounted) and len(mounted.parts) >= len(best.parts):
            best, kind = mounted, name
    return kind if kind in NETWORK else None


def without_password(url: str) -> str:
    """An address that may be shown."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":…@")))
