"""Keep a few processes running together: start them, restart what dies, stop all of them on a signal."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

STOPPING = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
WATCHED = STOPPING | {signal.SIGCHLD}
STOP_SECONDS = 15
STEADY_SECONDS = 10
LONGEST_PAUSE_SECONDS = 30
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One program of the system; ``name`` is what messages call it."""

    name: str
    arguments: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0
    patience: int = (
        8  # quick deaths in a row, with growing pauses about a minute: a database may be restarting
    )
    start_again: float | None = None

    def start(self) -> None:
        parent = os.getpid()
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            list(self.arguments),
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the supervisor, which stops its children in order
            preexec_fn=lambda: _tie_to(parent),  # safe: this process has one thread
        )

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def supervise(children: Sequence[Child], *, port: int, on_ready: Callable[[], None]) -> int:
    """Run the children until a signal asks to stop; the exit code.

    ``on_ready`` is called once, when 127.0.0.1:``port`` answers. A child that dies is started again; one
    that dies several times in a row within seconds of its start ends everything with 1.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    ready = False
    try:
        for child in children:
            child.start()
        while True:
            received = signal.sigtimedwait(WATCHED, 1.0 if ready else 0.1)
            if received is not None and received.si_signo in STOPPING:
                return 0
            if not _revive(children):
                return 1
            if not ready and answers(port):
                ready = True
                on_ready()
    finally:
        _stop(children)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def answers(port: int) -> bool:
    """Whether somebody listens on 127.0.0.1:``port``."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _revive(children: Sequence[Child]) -> bool:
    """Start what died again; False when a child cannot stay up."""
    for child in children:
        if child.start_again is None and child.died() and not _plan_return(child):
            return False
        if child.start_again is not None and time.monotonic() >= child.start_again:
            child.start_again = None
            child.start()
    return True


def _plan_return(child: Child) -> bool:
    """Say when a dead child starts again; False when its patience is used up."""
    assert child.process is not None
    quick = time.monotonic() - child.started < STEADY_SECONDS
    child.quick_deaths = child.quick_deaths + 1 if quick else 0
    code = child.process.returncode
    if child.quick_deaths >= child.patience:
        _say(f"{child.name} が続けて止まるため、全体を止めます (終了コード {code})。")
        return False
    pause = min(2 ** (child.quick_deaths - 1), LONGEST_PAUSE_SECONDS) if child.quick_deaths > 1 else 0
    _say(f"{child.name} が止まったため、{pause} 秒後にもう一度始めます (終了コード {code})。")
    child.start_again = time.monotonic() + pause
    return True


def _stop(children: Sequence[Child]) -> None:
    """Ask every child to stop, the last one first, and end those that do not within STOP_SECONDS."""
    running = [
        child.process for child in reversed(children) if child.process is not None and not child.died()
    ]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _tie_to(parent: int) -> None:
    """In the child, before its program: stop when the supervisor is killed, and receive signals again."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
    if os.getppid() != parent:
        os._exit(1)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
