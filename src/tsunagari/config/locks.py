"""Locks between processes that end with the process that holds them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Lock:
    """One ``flock`` on a file, held by this object; not by threads or children of this process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Have it alone, or answer False at once. The holder's process id is written into the file."""
        if not self._lock(fcntl.LOCK_EX | fcntl.LOCK_NB):
            return False
        assert self._file is not None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        return True

    def share(self) -> None:
        """Have it together with other sharers; waits while somebody has it alone."""
        self._lock(fcntl.LOCK_SH)

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have it alone, waiting for it as long as needed."""
        self._lock(fcntl.LOCK_EX)
        try:
            yield
        finally:
            self.release()

    def holder(self) -> str:
        """The process id written by whoever took it last; a question mark when unknown."""
        try:
            return self.path.read_text().strip() or "?"
        except OSError:
            return "?"

    def _lock(self, how: int) -> bool:
        if self._file is not None:
            raise RuntimeError(f"{self.path} is already held by this object")
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, how)
        except BlockingIOError:
            os.close(file)
            return False
        except BaseException:
            os.close(file)
            raise
        self._file = file
        return True
