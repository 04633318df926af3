"""Which PostgreSQL this installation uses, and as which of its two roles.

The *owner* owns the database: it migrates and prepares. The *web* role serves people: it owns nothing and
row-level security binds it. With ``DATABASE_URL`` (the owner's) both live on that server;
``DATABASE_WEB_URL`` names the web role's login, and without it the role is ``<database>_web`` with a password
derived from the owner's, so that one secret is enough. A process that serves people may be given
``DATABASE_WEB_URL`` alone. With neither, the embedded server.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import quote, urlencode

from tsunagari.config.embedded import DATABASE, EmbeddedServer
from tsunagari.config.folders import data_folder
from tsunagari.config.pgbinaries import DatabaseSetupError

Role = Literal["web", "owner"]
# A few seconds of trying, then anew with the next request: psycopg_pool's own 300 wait ever longer between two tries.
POOL = {"min_size": 2, "max_size": 8, "timeout": 5, "reconnect_timeout": 3}
# Web processes keep statements prepared, and at the busy doors planned (`tenancy.planned_once`). Not for commands and
# jobs, whose long lists pass the 65,535 parameters that PostgreSQL binds.
PREPARED = {"server_side_binding": True, "prepare_threshold": 1}
CONNECTIONS = 4  # that a web process keeps: one for each of its threads
WEB_ROLE_SETTING = "tsunagari.web_role"


@dataclass(frozen=True)
class Login:
    """One role's way into one database. ``options`` are libpq's other parameters (sslmode, passfile …)."""

    dbname: str
    user: str
    password: str = ""
    host: str = ""
    port: str = ""
    options: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, url: str, source: str) -> Login:
        """From a ``postgresql://`` address; ``source`` is the variable to name when it is wrong."""
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict

        try:
            parts = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
            own = {
                key: parts.pop(key) for key in ("dbname", "user", "password", "host", "port") if key in parts
            }
            if "user" not in own:  # as libpq does
                own["user"] = os.environ.get("PGUSER") or getpass.getuser()
            return cls(**own, options=parts)
        except (ProgrammingError, TypeError) as error:
            raise DatabaseSetupError(
                f"{source} を読めません。postgresql://利用者:合い言葉@ホスト/データベース の形です。"
            ) from error

    @property
    def url(self) -> str:
        query = dict(self.options)
        address = self.host
        if (
            self.host.startswith("/") or "," in self.host
        ):  # a socket's folder, or several hosts, go into the query
            query["host"], address = self.host, ""
        elif ":" in self.host:
            address = f"[{self.host}]"
        port = f":{self.port}" if self.port and address else ""
        if self.port and not address:
            query["port"] = self.port
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        tail = f"?{urlencode(query, quote_via=quote)}" if query else ""
        return f"postgresql://{quote(self.user, safe='')}{secret}@{address}{port}/{quote(self.dbname)}{tail}"

    def environment(self) -> dict[str, str]:
        """The variables by which PostgreSQL's own programs (psql, pg_dump …) find this login."""
        variables = {
            "PGDATABASE": self.dbname,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGHOST": self.host,
            "PGPORT": self.port,
            **{f"PG{key.upper()}": value for key, value in self.options.items()},
        }
        return {name: value for name, value in variables.items() if value}


def embedded_server() -> EmbeddedServer | None:
    """The embedded server, or None when the environment names a server."""
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_WEB_URL"):
        return None
    return EmbeddedServer(data_folder())


@contextmanager
def in_use() -> Iterator[None]:
    """Keep the database at hand: starts the embedded server when needed, and stops it with its last user.

    Cheap and re-entrant, also across processes. Nothing happens when the environment names a server.
    """
    server = embedded_server()
    if server is None:
        yield
        return
    with server.in_use():
        yield


def owner_login(name: str | None = None) -> Login:
    """The owner's login to the installation's database, or to the one called ``name`` beside it."""
    server = embedded_server()
    if server is not None:
        info = server.info("owner")
        login = Login(info.dbname, info.user, info.password, info.host, str(info.port))
    elif url := os.environ.get("DATABASE_URL"):
        login = Login.parse(url, "DATABASE_URL")
    else:
        raise DatabaseSetupError(
            "この作業には持ち主の接続先が要ります。"
            "DATABASE_URL を指定してください (今は DATABASE_WEB_URL だけです)。"
        )
    return replace(login, dbname=name) if name else login


def web_login(name: str | None = None) -> Login:
    """The web role's login to the installation's database, or to the one called ``name``."""
    if url := os.environ.get("DATABASE_WEB_URL"):
        login = Login.parse(url, "DATABASE_WEB_URL")
    else:
        owner = owner_login()
        user = f"{owner.dbname}_web"
        login = replace(owner, user=user, password=_derived_password(owner, user))
    return replace(login, dbname=name) if name else login


def owner_url(name: str | None = None) -> str:
    return owner_login(name).url


def web_url(name: str | None = None) -> str:
    return web_login(name).url


def _derived_password(owner: Login, user: str) -> str:
    secret = owner.password or os.environ.get("TSUNAGARI_SECRET_KEY", "")
    if not secret:
        raise DatabaseSetupError(
            "DATABASE_URL に合い言葉がありません。"
            "DATABASE_WEB_URL か TSUNAGARI_SECRET_KEY も指定してください。"
        )
    return hmac.new(secret.encode(), f"tsunagari web role {user}".encode(), hashlib.sha256).hexdigest()


def django_settings(role: str, *, name: str | None = None, pooled: bool | None = None) -> dict[str, Any]:
    """Django's ``DATABASES["default"]`` for a role; ``name`` is another database on the same server (tests).

    The web role has a connection pool, except for a database given by name, which must be easy to drop, unless
    `pooled` says otherwise.
    Every connection carries the web role's name as ``current_setting('tsunagari.web_role')``, for migrations
    to grant to. Nothing is started: an embedded server that never ran gives an address where nobody answers.
    """
    if role not in ("web", "owner"):
        raise DatabaseSetupError(f"TSUNAGARI_DB_ROLE は web か owner です (今の値: {role})。")
    server = embedded_server()
    if server is not None and not server.known():
        return _nowhere(name)
    login = owner_login(name) if role == "owner" else web_login(name)
    given = login.options.get("options", "")
    options: dict[str, Any] = {
        "application_name": f"tsunagari-{role}",
        **login.options,
        "options": f"{given} -c {WEB_ROLE_SETTING}={web_login().user}".strip(),
    }
    if role == "web" and (name is None if pooled is None else pooled):
        options["pool"] = dict(POOL)
    if role == "web" and os.environ.get("TSUNAGARI_PREPARED") == "1":
        from tsunagari.config.connections import WebConnection

        options |= PREPARED
        if "pool" in options:
            options["pool"] |= {"min_size": CONNECTIONS, "connection_class": WebConnection}
    return _django(login, options)


def _django(login: Login, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": login.dbname,
        "USER": login.user,
        "PASSWORD": login.password,
        "HOST": login.host,
        "PORT": login.port,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _nowhere(name: str | None) -> dict[str, Any]:
    return _django(Login(name or DATABASE, "tsunagari", host="127.0.0.1", port="1"), {"connect_timeout": 2})


def prepare(name: str | None = None) -> None:
    """As the owner: create database and web role where missing, and grant. See ``preparing.prepare``."""
    from tsunagari.config import preparing

    preparing.prepare(name)
