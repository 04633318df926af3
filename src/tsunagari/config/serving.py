"""The whole system on one machine: web server and job worker, in the foreground, until a signal ends it."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from tsunagari.config import database, running
from tsunagari.config.pgbinaries import DatabaseSetupError
from tsunagari.config.supervisor import STOPPING, Child, answers, supervise

HOST = "127.0.0.1"
# A demo and a development server read static files where they lie: their gathering place need not exist.
QUIET = {"PYTHONWARNINGS": "ignore:No directory at"}
THREADS = 4  # they share one interpreter: more would only make each other wait


@contextmanager
def the_only_system(port: int) -> Iterator[None]:
    """The folder and the port are ours, the database is at hand; what refuses says so before anything starts.

    A request to stop while still preparing ends the block in order, as Ctrl-C does.
    """
    server = database.embedded_server()
    with server.as_only_system() if server else nullcontext():
        check_port(port)
        for signum in STOPPING:
            signal.signal(signum, signal.default_int_handler)
        with database.in_use():
            yield


def check_port(port: int) -> None:
    """Raises DatabaseSetupError when something already answers on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            taken = answers(port)
            reason = "別のプログラムが使っています" if taken else f"使えません ({error.strerror})"
            raise DatabaseSetupError(
                f"ポート {port} は{reason}。PORT= で別の番号を指定してください。"
            ) from error


def serve(port: int, workers: int, on_ready: Callable[[], None]) -> int:
    """As in production: granian with ``workers`` processes, and one job worker."""
    running.set_environment("web")
    granian = ["--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", str(workers)]
    granian += ["--blocking-threads", str(THREADS), "--respawn-failed-workers", "--log-level", "error"]
    web = Child(
        "画面", [sys.executable, "-m", "granian", *granian, "tsunagari.config.wsgi:application"], QUIET
    )
    return supervise([web, worker()], port=port, on_ready=on_ready)


def develop(port: int, on_ready: Callable[[], None]) -> int:
    """Django's development server, which reloads changed files, and one job worker."""
    running.set_environment("web")
    web = Child("画面", [sys.executable, "-m", "django", "runserver", f"{HOST}:{port}"], QUIET)
    return supervise([web, worker()], port=port, on_ready=on_ready)


def worker() -> Child:
    return Child("仕事係", [sys.executable, "-m", "django", "procrastinate", "worker"])
