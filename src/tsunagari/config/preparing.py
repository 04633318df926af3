"""Make a database ready for its two roles. All of it runs as the owner, as often as one likes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
from psycopg import errors, sql

from tsunagari.config.database import WEB_ROLE_SETTING, Login, owner_login, web_login
from tsunagari.config.pgbinaries import DatabaseSetupError

Connection = psycopg.Connection[tuple[Any, ...]]
DEMO_MARK = "tsunagari demo"
OLDEST_VERSION = 160000
BUILTIN_LOCALE_VERSION = 170000
CONNECT_SECONDS = 10
DROP_TRIES = 15
NO_POWERS = ("NOSUPERUSER", "NOCREATEDB", "NOCREATEROLE", "NOBYPASSRLS", "NOREPLICATION")
POWERS = ("rolsuper", "rolcreatedb", "rolcreaterole", "rolbypassrls", "rolreplication")
# Two processes that prepare at once can meet in the catalogue; the later one simply looks again.
MEETINGS = (errors.DuplicateObject, errors.DuplicateDatabase, errors.UniqueViolation, errors.InternalError_)


def prepare(name: str | None = None) -> None:
    """Create what is missing: the database, the web role, and what that role may do.

    Tables that the owner makes from now on can be read and written by the web role, unless their migration
    takes that away; tables made earlier are left as they are. Raises DatabaseSetupError.
    """
    prepare_empty(name)
    owner, web = owner_login(name), web_login(name)
    with connect(owner) as connection:
        _meeting_others(lambda: _grant(connection, owner, web))


def prepare_empty(name: str | None = None) -> None:
    """Create the database and the web role where missing, with no rights yet. Raises DatabaseSetupError."""
    owner, web = owner_login(name), web_login(name)
    _meeting_others(lambda: _create_database(owner))
    with connect(owner) as connection:
        _check_server(connection)
        _meeting_others(lambda: _prepare_web_role(connection, web))


def connect(login: Login) -> Connection:
    """A connection that commits each statement; DatabaseSetupError says where it failed, without password."""
    try:
        return psycopg.connect(login.url, autocommit=True, connect_timeout=CONNECT_SECONDS)
    except errors.InvalidCatalogName:
        raise
    except psycopg.OperationalError as error:
        place = f"{login.user}@{login.host or 'localhost'}:{login.port or 5432}/{login.dbname}"
        raise DatabaseSetupError(
            f"データベースにつながりません ({place}): {str(error).splitlines()[0]}"
        ) from error


def database_exists(login: Login) -> bool:
    with _maintenance(login) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [login.dbname])
        return found.fetchone() is not None


def drop_database(name: str | None = None) -> None:
    """Remove the database with everything in it. Nothing to remove is no error.

    Connections of the owner's own are ended. The web role's cannot be by an owner who is no superuser: raises
    DatabaseSetupError when somebody still works there. The server's own cleaners leave within moments.
    """
    login = owner_login(name)
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(login.dbname))
    with _maintenance(login) as connection:
        for attempt in range(DROP_TRIES):
            try:
                connection.execute(statement)
                return
            except (errors.InsufficientPrivilege, errors.ObjectInUse) as error:
                if attempt == DROP_TRIES - 1:
                    raise DatabaseSetupError(
                        f"データベース {login.dbname} を使っているプログラムがあるため、消せません。"
                        "画面と仕事係を止めてから、もう一度お試しください。"
                    ) from error
                time.sleep(0.2)


def server_version(login: Login) -> int:
    """As PostgreSQL says it: 180004 is 18.4."""
    with _maintenance(login) as connection:
        return connection.info.server_version


def has_tables(login: Login) -> bool:
    with connect(login) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return found.fetchone() is not None


def replace_database(login: Login, successor: str) -> None:
    """Give the database called ``successor`` the place and name of this one, which is removed."""
    drop_database(login.dbname)
    with _maintenance(login) as connection:
        names = map(sql.Identifier, (successor, login.dbname))
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))


def _maintenance(login: Login) -> Connection:
    """A connection to the server beside the database itself."""
    return connect(replace(login, dbname="postgres"))


def _meeting_others(step: Callable[[], None], tries: int = 20) -> None:
    for _ in range(tries - 1):
        try:
            return step()
        except MEETINGS:
            time.sleep(0.1)
    return step()


def _create_database(owner: Login) -> None:
    if database_exists(owner):
        return
    with _maintenance(owner) as connection:
        _check_server(connection)
        locale = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
        if connection.info.server_version >= BUILTIN_LOCALE_VERSION:
            locale = "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'"
        try:
            connection.execute(sql.SQL("CREATE DATABASE {} " + locale).format(sql.Identifier(owner.dbname)))
        except errors.InsufficientPrivilege as error:
            raise DatabaseSetupError(
                f"データベース {owner.dbname} がなく、{owner.user} には作る権限がありません。"
                "作ってから、もう一度お試しください。"
            ) from error


def _check_server(connection: Connection) -> None:
    if connection.info.server_version < OLDEST_VERSION:
        major = connection.info.server_version // 10000
        raise DatabaseSetupError(f"PostgreSQL 16 以上が必要です (このサーバーは {major})。")
    encoding = connection.execute("SHOW server_encoding").fetchone()
    if encoding != ("UTF8",):
        raise DatabaseSetupError(f"データベースの文字コードは UTF8 でなければなりません (今は {encoding})。")


def _prepare_web_role(connection: Connection, web: Login) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, POWERS))
    query = sql.SQL("SELECT {} FROM pg_roles WHERE rolname = {}").format(columns, sql.Literal(web.user))
    powers = connection.execute(query).fetchone()
    role, password = sql.Identifier(web.user), _verifier(connection, web)
    if powers is None:
        statement = f"CREATE ROLE {{}} LOGIN {' '.join(NO_POWERS)} NOINHERIT PASSWORD {{}}"
        connection.execute(sql.SQL(statement).format(role, password))
    elif any(powers):
        held = "、".join(name for name, has in zip(POWERS, powers, strict=True) if has)
        raise DatabaseSetupError(f"利用者 {web.user} の権限が強すぎます ({held})。権限を外してください。")
    elif not _can_log_in(web):
        connection.execute(sql.SQL("ALTER ROLE {} LOGIN NOINHERIT PASSWORD {}").format(role, password))


def _verifier(connection: Connection, web: Login) -> sql.Literal:
    """The password as the server keeps it, so that no log of statements ever holds the password itself."""
    secret = connection.pgconn.encrypt_password(web.password.encode(), web.user.encode(), b"scram-sha-256")
    return sql.Literal(secret.decode())


def _can_log_in(web: Login) -> bool:
    try:
        psycopg.connect(web.url, connect_timeout=CONNECT_SECONDS).close()
    except psycopg.OperationalError:
        return False
    return True


def _grant(connection: Connection, owner: Login, web: Login) -> None:
    names = {
        "database": sql.Identifier(owner.dbname),
        "owner": sql.Identifier(owner.user),
        "web": sql.Identifier(web.user),
    }
    default = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT "
    with connection.transaction():
        for statement in (
            "REVOKE ALL ON DATABASE {database} FROM PUBLIC, {web}",
            "GRANT CONNECT ON DATABASE {database} TO {web}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC, {web}",
            "GRANT USAGE ON SCHEMA public TO {web}",
            default + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO {web}",
            default + "USAGE ON SEQUENCES TO {web}",
        ):
            connection.execute(sql.SQL(statement).format(**names))
    try:
        statement = "ALTER DATABASE {database} SET " + WEB_ROLE_SETTING + " = {web}"
        connection.execute(sql.SQL(statement).format(**names))
    except errors.InsufficientPrivilege:
        pass  # some servers keep this to their superuser; every connection of ours carries the setting anyway


def claim_for_demo(*, reset: bool) -> None:
    """Make sure that the database is the demo's: a new one is marked so, another one with data is refused.

    With ``reset`` the demo's database is removed first. Raises DatabaseSetupError.
    """
    login = owner_login()
    if database_exists(login) and not _is_demo(login):
        if has_tables(login):
            raise DatabaseSetupError(
                f"データベース {login.dbname} にはお試しでないデータがあります。"
                "DATA_DIR か DATABASE_URL を変えてください。"
            )
    elif reset:
        drop_database()
    prepare()
    with connect(login) as connection:
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(login.dbname), sql.Literal(DEMO_MARK)
            )
        )


def _is_demo(login: Login) -> bool:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    with connect(login) as connection:
        return connection.execute(query).fetchone() == (DEMO_MARK,)


def gather_statistics(name: str | None = None) -> None:
    """Let PostgreSQL look at tables that have just been filled: what is asked of them next is planned by it."""
    with connect(owner_login(name)) as owner:
        owner.execute("ANALYZE")
