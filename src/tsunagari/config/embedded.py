"""A real PostgreSQL of our own, for when no server is given: demo, development, tests and small offices.

The data folder holds the cluster (``postgres/``, owned by the account PostgreSQL runs as), its port and
passwords (``server.json``, readable by its owner only) and three lock files. All locks are ``flock``: the
kernel drops them with the process, so nothing is left to clean up after ``kill -9``.

- ``start.lock``  one process at a time starts or stops the server;
- ``users.lock``  shared by everybody who uses the server; the last one out stops it;
- ``system.lock`` held by the one system (demo, run, serve) that serves this folder.

A folder that PostgreSQL's account cannot reach, because a parent is closed to others, keeps its cluster under
``/var/lib/tsunagari`` instead. Parents are never opened.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from tsunagari.config.cluster import HOST, SUPERUSER, Cluster, launch_with_patience
from tsunagari.config.locks import Lock
from tsunagari.config.pgbinaries import SYSTEM_FOLDER, DatabaseSetupError, account_for

DATABASE = "tsunagari"
OWNER = "tsunagari"


@dataclass(frozen=True)
class ConnectionInfo:
    """How to connect to one database of the embedded server as one role."""

    port: int
    user: str
    password: str
    dbname: str = DATABASE
    host: str = HOST

    @property
    def url(self) -> str:
        return (
            f"postgresql://{self.user}:{quote(self.password, safe='')}@{self.host}:{self.port}/{self.dbname}"
        )


@dataclass
class _State:
    port: int
    password: str
    secret_key: str


class EmbeddedServer:
    """The PostgreSQL of one data folder. Objects are cheap: all state is in the folder."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = Path(data_dir).absolute()
        self._keep = self.folder / "keep-running"

    # What the folder says
    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder: in the data folder, or out of it where that cannot be reached."""
        inside, outside = self.folder / "postgres", self._outside()
        if outside.exists() and not inside.exists():
            return outside
        if inside.exists() or os.geteuid() != 0:
            return inside
        return inside if account_for(inside).can_reach(_nearest(self.folder)) else outside

    def _outside(self) -> Path:
        digest = hashlib.sha256(str(self.folder.resolve()).encode()).hexdigest()[:12]
        return SYSTEM_FOLDER / digest / "postgres"

    def known(self) -> bool:
        """Whether port and passwords have been chosen, so that connections can be described."""
        return (self.folder / "server.json").exists()

    def info(self, role: str = "owner", dbname: str = DATABASE) -> ConnectionInfo:
        """Where to connect as ``owner`` (owns the database) or ``superuser`` (of the server).

        The port and the passwords are chosen at the first call and kept; the server need not run.
        """
        state = self._state()
        if role == "superuser":
            return ConnectionInfo(state.port, SUPERUSER, state.password, dbname)
        if role == "owner":
            return ConnectionInfo(state.port, OWNER, self._derive("owner"), dbname)
        raise ValueError(f"no such role: {role}")

    def url(self, role: str = "owner", dbname: str = DATABASE) -> str:
        return self.info(role, dbname).url

    def secret_key(self) -> str:
        """A secret of this installation that outlives restarts; for Django's signatures."""
        return self._state().secret_key

    def _derive(self, purpose: str) -> str:
        return hmac.new(self._state().password.encode(), purpose.encode(), hashlib.sha256).hexdigest()

    def _state(self) -> _State:
        try:
            return _State(**json.loads((self.folder / "server.json").read_text()))
        except FileNotFoundError:
            return self._first_state()
        except PermissionError as error:
            raise self._not_ours() from error

    def _first_state(self) -> _State:
        if (self.cluster / "PG_VERSION").exists():
            raise DatabaseSetupError(f"データベースの合い言葉がありません: {self.folder / 'server.json'}")
        state = _State(_free_port(), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
        self._make_folder()
        try:
            self._write_state(state, first=True)
        except FileExistsError:  # another process was quicker
            return self._state()
        return state

    def _write_state(self, state: _State, *, first: bool = False) -> None:
        path = self.folder / "server.json"
        draft = path.with_suffix(f".{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(state), file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path) if first else os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)

    def _make_folder(self) -> None:
        """Make the data folder. PostgreSQL's account may pass through it but not list it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            mode = self.folder.stat().st_mode & 0o777
            if os.geteuid() == 0:
                self.folder.chmod(mode & 0o700 | 0o011)
            elif not any(self.folder.iterdir()):
                self.folder.chmod(0o700)
        except PermissionError as error:
            raise self._not_ours() from error
        if not os.access(self.folder, os.W_OK):
            raise self._not_ours()

    def _not_ours(self) -> DatabaseSetupError:
        return DatabaseSetupError(
            f"データの置き場所 {self.folder} に書けません。"
            "作った利用者で実行するか、DATA_DIR で別の場所を指定してください。"
        )

    # Running
    def is_running(self) -> bool:
        """Whether this folder's postmaster is alive (it may still be starting)."""
        return self._cluster().postmaster() is not None

    def _cluster(self) -> Cluster:
        return Cluster(self.cluster)

    def start(self) -> ConnectionInfo:
        """Make sure that the server runs and has its owner and database role; waits until it answers.

        A server left running by a process that was killed is used as it is. Raises DatabaseSetupError.
        """
        self._make_folder()
        with self._starting():
            self._ensure_running()
        return self.info()

    def stop(self) -> None:
        """Stop the server, ending its connections; what was committed is kept. Nothing to do is no error."""
        if not self.folder.exists():
            return
        with self._starting():
            self._keep.unlink(missing_ok=True)
            self._cluster().stop()

    def keep_running(self) -> None:
        """Leave the server running when its last user goes, until ``stop``."""
        self._keep.touch()

    @contextmanager
    def in_use(self) -> Iterator[ConnectionInfo]:
        """Use the server, starting it when needed; the last user to leave stops it."""
        self._make_folder()
        with self._starting():
            users = Lock(self.folder / "users.lock")
            users.share()
            try:
                self._ensure_running()
            except BaseException:
                users.release()
                raise
        try:
            yield self.info()
        finally:
            with self._starting():
                users.release()
                if not self._keep.exists() and users.take():
                    try:
                        self._cluster().stop()
                    finally:
                        users.release()

    @contextmanager
    def as_only_system(self) -> Iterator[None]:
        """Be the one system that serves this folder; DatabaseSetupError when another one does."""
        self._make_folder()
        lock = Lock(self.folder / "system.lock")
        if not lock.take():
            raise DatabaseSetupError(
                f"この場所では、つながりが既に動いています (プロセス {lock.holder()}、{self.folder})。"
                f" / Tsunagari already runs on this data folder (process {lock.holder()})."
            )
        try:
            yield
        finally:
            lock.release()

    def _starting(self) -> AbstractContextManager[None]:
        return Lock(self.folder / "start.lock").held()

    def _ensure_running(self) -> None:
        cluster = self._cluster()
        if cluster.postmaster() is None:
            if not cluster.exists():
                cluster.create(self._state().password)
            launch_with_patience(cluster, self._free_or_new_port)
        self._prepare_roles()

    def _free_or_new_port(self) -> int:
        """The remembered port, or another one, remembered from now on, when somebody else has it."""
        state = self._state()
        if not _port_is_free(state.port):
            state.port = _free_port()
            self._write_state(state)
        return state.port

    def _prepare_roles(self) -> None:
        """The owner is no superuser, as on a city's server: what works here works there."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(
            self.url("superuser", "postgres"), autocommit=True, connect_timeout=10
        ) as connection:
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
                return
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}").format(
                    sql.Identifier(OWNER), sql.Literal(self.info().password)
                )
            )
            connection.execute("GRANT SET ON PARAMETER tsunagari.web_role TO " + OWNER)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _nearest(folder: Path) -> Path:
    """The folder, or the parent closest to it that is already there."""
    return next(path for path in (folder, *folder.parents) if path.exists())
