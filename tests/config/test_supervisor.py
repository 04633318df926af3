"""The supervisor: children come back, and all of them go when it goes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator

import pytest

from tests.config.processes import end, eventually, family_of, python, ready
from tsunagari.config.supervisor import answers

SUPERVISE = """
import sys
from tsunagari.config.supervisor import Child, supervise
port = int(sys.argv[1])
server = f"exec {sys.executable} -m http.server {port} --bind 127.0.0.1 >/dev/null 2>&1"
web = Child("web", ["sh", "-c", server])
sleeper = Child("sleeper", ["sleep", "1000"])
sys.exit(supervise([web, sleeper], port=port, on_ready=lambda: print("ready", flush=True)))
"""
HOPELESS = """
import sys
from tsunagari.config.supervisor import Child, supervise
sys.exit(supervise([Child("hopeless", ["false"], patience=2)], port=1, on_ready=print))
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def supervisor(port: int) -> Iterator[subprocess.Popen[str]]:
    with ready(SUPERVISE, port) as process:
        yield process


def gone(pids: list[int]) -> bool:
    return not any(os.path.exists(f"/proc/{pid}") for pid in pids)


def test_a_child_that_dies_is_started_again(supervisor: subprocess.Popen[str], port: int) -> None:
    _, *children = family_of(supervisor.pid)
    for child in children:
        os.kill(child, signal.SIGKILL)
    assert eventually(lambda: gone(children))
    assert eventually(lambda: answers(port) and len(family_of(supervisor.pid)) == 3)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything(supervisor: subprocess.Popen[str], port: int, signum: int) -> None:
    _, *children = family_of(supervisor.pid)
    supervisor.send_signal(signum)
    assert supervisor.wait(timeout=60) == 0
    assert len(children) == 2
    assert gone(children)
    assert not answers(port)


def test_children_do_not_outlive_a_killed_supervisor(supervisor: subprocess.Popen[str], port: int) -> None:
    _, *children = family_of(supervisor.pid)
    supervisor.kill()
    supervisor.wait()
    assert eventually(lambda: gone(children))
    assert not answers(port)


def test_a_child_that_cannot_stay_up_ends_the_system() -> None:
    process = python(HOPELESS)
    assert process.wait(timeout=60) == 1
    end(process)
