"""Tablets that keep sending through a storm: server processes are killed, lines break before, while and after a request
is sent. A tablet does as its page does: it sends a reading, and the same reading again until there is a receipt."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from uuid import uuid4

import orjson

from tests.config.processes import family_of
from tsunagari.accounts.devices import COOKIE

TIMEOUT = 10


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The product's own web server on a port, with two processes; it is killed and comes again."""

    def __init__(self, database: str) -> None:
        self.port = free_port()
        own = {"TSUNAGARI_DB_NAME": database, "TSUNAGARI_DB_ROLE": "web", "TSUNAGARI_TESTING": "1"}
        own |= {
            "DJANGO_SETTINGS_MODULE": "tsunagari.config.settings",
            "PYTHONWARNINGS": "ignore:No directory at",
        }
        self._environment = {**os.environ, **own}
        self._process: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", "2", "--blocking-threads", "4", "--no-access-log"]
        command += ["--respawn-failed-workers", "--respawn-interval", "0.1", "--log-level", "critical"]
        self._process = subprocess.Popen(
            [*command, "tsunagari.config.wsgi:application"],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill_one(self, chance: random.Random) -> None:
        """One of the processes that answer, in the middle of whatever it does."""
        assert self._process is not None
        answering = family_of(self._process.pid)[1:]
        if answering:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(answering), signal.SIGKILL)
                self.kills += 1

    def kill_all(self) -> None:
        """As a power cut."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)  # its own session: also what it has just begun to start
        self._process.wait(10)
        self.kills += 1

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        with closing(connection), suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/kiosk/worker.js")
            with connection.getresponse() as response:
                return response.status == 200
        return False

    def wait(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while not self.answers():
            assert time.monotonic() < until, "the server did not come"
            time.sleep(0.05)


@contextmanager
def serving(database: str) -> Iterator[Server]:
    """Started and answering; gone after the block."""
    server = Server(database)
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.kill_all()


@dataclass
class Tablet:
    """One tablet: its cookie's value, what it has to send ({text} or a newcomer), and what became of it by key."""

    cookie: str
    items: list[dict[str, object]]
    chance: random.Random
    pause: float = 0.1  # seconds at most between two sendings
    receipts: dict[str, str] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)

    def work(self, port: int, until: float) -> None:
        """Send everything; in one go a reading alone, or some together as after a time without a network."""
        waiting = [{"key": str(uuid4()), "at": time.time() * 1000, **item} for item in self.items]
        while waiting and time.monotonic() < until:
            batch = waiting[: self.chance.choice((1, 1, 1, 3, 8))]
            try:
                self._keep(batch, self._send(port, batch))
            except (OSError, http.client.HTTPException, orjson.JSONDecodeError) as error:
                self.broken[type(error).__name__] += 1
                time.sleep(self.chance.uniform(0.01, 0.3))
            waiting = [item for item in waiting if item["key"] not in self.receipts]
            time.sleep(self.chance.uniform(0, self.pause))

    def _keep(self, batch: Sequence[dict[str, object]], states: Sequence[str]) -> None:
        self.receipts |= {str(item["key"]): state for item, state in zip(batch, states, strict=True)}

    def _send(self, port: int, batch: list[dict[str, object]]) -> list[str]:
        alone = len(batch) == 1 and "text" in batch[0]
        path = "/kiosk/check-in/" if alone else "/kiosk/sync/"
        body = orjson.dumps(
            batch[0] if alone else {"now": time.time() * 1000, "waiting": len(batch), "items": batch}
        )
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)) as connection:
            return self._answer(connection, path, body, alone)

    def _answer(
        self, connection: http.client.HTTPConnection, path: str, body: bytes, alone: bool
    ) -> list[str]:
        fate = self.chance.random()
        connection.putrequest("POST", path)
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Cookie", f"{COOKIE}={self.cookie}")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[: len(body) // 2] if fate < 0.08 else body)
        if fate < 0.08:
            raise ConnectionResetError("the line broke while sending")
        if fate < 0.2:
            time.sleep(self.chance.uniform(0, 0.02))
            raise ConnectionResetError("the line broke before the answer")
        with connection.getresponse() as response:
            data = response.read()
        if response.status != 200:
            raise ConnectionError(f"answered {response.status}")
        answer = orjson.loads(data)
        return [answer["state"]] if alone else answer["receipts"]


def storm(
    server: Server, tablets: list[Tablet], *, kills: int, seconds: float, chance: random.Random
) -> None:
    """All tablets at once; so many times the server works for a moment and then dies. Then it stays, until all is sent
    or `seconds` are over."""
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=tablet.work, args=(server.port, until)) for tablet in tablets]
    for thread in threads:
        thread.start()
    for number in range(kills):
        server.wait()
        time.sleep(chance.uniform(0.1, 0.6))
        if number % 2:
            server.kill_all()
            server.start()
        else:
            server.kill_one(chance)
    for thread in threads:
        thread.join()
