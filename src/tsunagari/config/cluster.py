"""One PostgreSQL cluster on disk: made, started and stopped with PostgreSQL's own programs."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from tsunagari.config.pgbinaries import DatabaseSetupError, account_for, binaries_for, make_open_folder

HOST = "127.0.0.1"
SUPERUSER = "postgres"
START_SECONDS = 120
STOP_SECONDS = 60
RETRY_SECONDS = 20
LOG_LIMIT_BYTES = 10_000_000
# Words of a failed start that time heals: children of a killed postmaster still leaving, a port just taken.
PASSING = ("shared memory", "ddress already in use", "postmaster.pid")
# Two cores and a few gigabytes; what is acknowledged is on the disk.
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "''",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "60",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The log must not hold what families told us: no parameters, and no text of statements that failed.
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class Cluster:
    """The cluster in ``folder``, which is PostgreSQL's data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "server.log"

    def exists(self) -> bool:
        return (self.folder / "PG_VERSION").exists()

    def postmaster(self) -> int | None:
        """The process id of the living postmaster of this cluster, even if it is still starting."""
        pid = self._recorded_pid()
        return pid if pid is not None and self._is_postmaster(pid) else None

    def create(self, password: str) -> None:
        """initdb beside the final place and a move, so that half a cluster is never taken for one."""
        account = account_for(self.folder)
        make_open_folder(self.folder.parent)
        draft, secret = self.folder.with_name("postgres.new"), self.folder.with_name("password.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        account.own(draft, 0o700)
        options = (
            f"-A scram-sha-256 -U {SUPERUSER} --locale-provider=builtin --locale=C.UTF-8 --encoding=UTF8"
        )
        try:
            secret.touch(mode=0o600)
            account.own(secret, 0o600)
            secret.write_text(password)
            program = binaries_for(account) / "initdb"
            done = account.run(
                [program, "-D", draft, "--pwfile", secret, *options.split()], seconds=START_SECONDS
            )
        finally:
            secret.unlink(missing_ok=True)
        if done.returncode != 0:
            raise DatabaseSetupError(f"データベースを作れませんでした ({draft}): {_tail(done.stdout, 1)}")
        draft.rename(self.folder)

    def launch(self, port: int) -> bool:
        """Start the postmaster and wait until it answers, after a crash also until it has recovered.

        False when it may help to try again, perhaps on another port. Raises DatabaseSetupError.
        """
        account = account_for(self.folder)
        self._forget_stranger()
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        wait = ["-s", "-w", "-t", str(START_SECONDS)]
        command: list[str | Path] = [
            binaries_for(account) / "pg_ctl",
            "start",
            "-D",
            self.folder,
            "-l",
            self.log,
            *wait,
        ]
        done = account.run([*command, "-o", f"{settings} -p {port}"], seconds=START_SECONDS + 10)
        if done.returncode == 0:
            return True
        reason = _tail(self.log.read_text(errors="replace"), 5) if self.log.exists() else done.stdout
        if any(sign in reason for sign in PASSING):
            return False
        raise DatabaseSetupError(f"データベースを始められませんでした。記録: {self.log} ({reason})")

    def stop(self) -> None:
        """End the connections and stop; waits until it is down. Not running is no error."""
        if self.postmaster() is None:
            return
        account = account_for(self.folder)
        wait = ["-s", "-w", "-t", str(STOP_SECONDS)]
        command: list[str | Path] = [
            binaries_for(account) / "pg_ctl",
            "stop",
            "-m",
            "fast",
            "-D",
            self.folder,
            *wait,
        ]
        done = account.run(command, seconds=STOP_SECONDS + 10)
        if done.returncode != 0 and self.postmaster() is not None:
            raise DatabaseSetupError(f"データベースを止められませんでした: {_tail(done.stdout, 1)}")

    def _recorded_pid(self) -> int | None:
        try:
            return abs(int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0]))
        except (FileNotFoundError, ValueError):
            return None
        except PermissionError as error:
            raise DatabaseSetupError(f"データの置き場所 {self.folder} は別の利用者のものです。") from error

    def _is_postmaster(self, pid: int) -> bool:
        """Whether that process is this cluster's postmaster, and not another program that got its number."""
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return os.path.basename(words[0]) == b"postgres" and os.fsencode(self.folder) in words

    def _forget_stranger(self) -> None:
        """Remove a stale pid file whose number another program has now: PostgreSQL would believe it."""
        pid = self._recorded_pid()
        if pid is not None and Path(f"/proc/{pid}").exists() and not self._is_postmaster(pid):
            (self.folder / "postmaster.pid").unlink(missing_ok=True)


def launch_with_patience(cluster: Cluster, next_port: Callable[[], int]) -> None:
    """``Cluster.launch`` again until it succeeds; ``next_port`` says which port to try."""
    deadline = time.monotonic() + RETRY_SECONDS
    while not cluster.launch(next_port()):
        if time.monotonic() > deadline:
            raise DatabaseSetupError(f"データベースを始められませんでした。記録: {cluster.log}")
        time.sleep(0.2)


def _tail(text: str, lines: int) -> str:
    return " / ".join(text.strip().splitlines()[-lines:])
