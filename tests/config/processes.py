"""Other processes that tests start, watch and kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python process running ``code``, its standard output readable line by line. Give it to ``end``."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@contextmanager
def ready(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Such a process once it has said "ready", ended with the block at the latest."""
    process = python(code, *arguments)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        end(process)


def tsunagari(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tsunagari.config.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)


def end(process: subprocess.Popen[str]) -> None:
    """Kill it, if it still runs, and close what connects it to us."""
    with process:
        process.kill()


def family_of(pid: int) -> list[int]:
    """The process and its direct children."""
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            children.append(int(stat.parent.name))
    return [pid, *children]


def kill_family(pid: int) -> None:
    """As a power cut: nobody gets to say goodbye."""
    for member in family_of(pid):
        try:
            os.kill(member, signal.SIGKILL)
        except ProcessLookupError:
            continue


def eventually(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether the condition comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
