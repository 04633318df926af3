"""The product's job worker in a process of its own, as in service: it starts once and works when it is told to.

Run as a program it reads a line for each time that everything waiting is to be done, and answers each with a line.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys

from django.db import connection

PATIENCE = 120  # seconds
DONE = "done\n"
_worker: list[subprocess.Popen[str]] = []


def work_off() -> None:
    """Let the worker do every job that waits."""
    if not _worker:
        _worker.append(_start())
    worker = _worker[0]
    assert worker.stdin
    assert worker.stdout
    worker.stdin.write("work\n")
    worker.stdin.flush()
    ready, _, _ = select.select([worker.stdout], [], [], PATIENCE)
    answer = worker.stdout.readline() if ready else "nothing"
    if answer != DONE:
        stop()
    assert answer == DONE, f"the worker answered {answer!r}; what it said stands above"


def stop() -> None:
    """End the worker, if there is one."""
    while _worker:
        worker = _worker.pop()
        worker.terminate()
        worker.communicate()


def _start() -> subprocess.Popen[str]:
    own = {
        "DJANGO_SETTINGS_MODULE": "tsunagari.config.settings",
        "TSUNAGARI_DB_NAME": str(connection.settings_dict["NAME"]),
        "TSUNAGARI_DB_ROLE": "web",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.browser.working"],
        env={**os.environ, **own},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def main() -> None:
    """Work through what waits at each line; what goes wrong goes to stderr and ends the process."""
    import django
    from django.core.management import call_command

    answers, sys.stdout = sys.stdout, sys.stderr
    django.setup()
    for _ in sys.stdin:
        call_command("procrastinate", "worker", "--one-shot")
        answers.write(DONE)
        answers.flush()


if __name__ == "__main__":
    main()
