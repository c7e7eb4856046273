"""A file for each server process of a machine, which the process holds locked as long as it lives.

The kernel releases the lock when the process dies, however that happens. So whoever can take it knows at once, and
without doubt, that its holder is gone; a number of a process could be another's by now.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path


class LockedFiles:
    """Signs of life in a folder; see ``SignsOfLife``, which this implements."""

    def __init__(self, folder: Path) -> None:
        """Take the folder. It is made when it is needed."""
        self._folder = folder
        self._own: tuple[Path, int] | None = None

    def show(self, process_id: str) -> None:
        """Show that this process lives under an id, and no longer under another.

        Raises:
            OSError: The folder cannot be written to.
        """
        self.withdraw()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Locked before it has its name: nobody sees it unlocked.
        made = self._folder / f".{process_id}"
        descriptor = os.open(made, os.O_CREAT | os.O_RDWR | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path = self._folder / process_id
        made.rename(path)
        self._own = path, descriptor

    def withdraw(self) -> None:
        """Show it no longer."""
        if self._own is not None:
            path, descriptor = self._own
            self._own = None
            path.unlink(missing_ok=True)
            os.close(descriptor)

    def is_gone(self, process_id: str) -> bool:
        """Return whether a process is known to be gone. False: it lives, or was never on this machine."""
        return _is_unlocked(self._folder / process_id)

    def sweep(self, known: Collection[str]) -> None:
        """Remove the files of processes that are gone and not among these."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if not path.name.startswith(".") and path.name not in known and _is_unlocked(path):
                path.unlink(missing_ok=True)


def _is_unlocked(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        with suppress(OSError):
            os.close(descriptor)
    return True
