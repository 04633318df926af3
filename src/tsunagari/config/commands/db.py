"""``tsunagari db …``: the database of this installation."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("db", help="データベースを準備・確認・保存する")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    def action(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    url = action("url", show_url, "接続先を表示する")
    url.add_argument("--role", choices=["owner", "web"], default="owner", help="持ち主か、画面用の利用者か")
    action("prepare", prepare, "データベースと画面用の利用者を作る")
    action("migrate", migrate, "準備し、表を最新にする")
    action("start", start, "組み込みのデータベースを始め、db stop まで動かしておく")
    action("stop", stop, "組み込みのデータベースを止める")
    action("status", status, "どこにあり、動いているかを表示する (動いていなければ終了コード 3)")
    shell = action("shell", open_shell, "psql を開く")
    shell.add_argument("--role", choices=["owner", "web"], default="owner", help="持ち主か、画面用の利用者か")
    shell.add_argument("arguments", nargs="*", help="psql に渡す引数 (-- の後に書く)")
    action("backup", backup, "すべてを一つのファイルに保存する").add_argument(
        "file", type=Path, metavar="FILE"
    )
    restore_parser = action("restore", restore, "保存したファイルから作り直す")
    restore_parser.add_argument("file", type=Path, metavar="FILE")
    restore_parser.add_argument("--replace", action="store_true", help="今あるデータを消して置き換える")


def show_url(options: argparse.Namespace) -> None:
    from tsunagari.config import database

    print(database.web_url() if options.role == "web" else database.owner_url())


def prepare(options: argparse.Namespace) -> None:
    from tsunagari.config import database

    with database.in_use():
        database.prepare()


def migrate(options: argparse.Namespace) -> None:
    from tsunagari.config import migrating

    migrating.migrate()


def start(options: argparse.Namespace) -> None:
    server = _embedded()
    server.start()
    server.keep_running()
    print(f"動いています: {server.cluster}")


def stop(options: argparse.Namespace) -> None:
    server = _embedded()
    server.stop()
    print(f"止まっています: {server.cluster}")


def status(options: argparse.Namespace) -> int:
    from tsunagari.config import database, preparing

    server = database.embedded_server()
    if server is None:
        login = database.owner_login() if os.environ.get("DATABASE_URL") else database.web_login()
        with preparing.connect(login) as connection:
            version = connection.info.server_version // 10000
        print(f"PostgreSQL {version} サーバー: {login.host or 'localhost'}、データベース {login.dbname}")
        return 0
    running = server.is_running()
    print(f"組み込みのデータベース: {'動いています' if running else '止まっています'}")
    print(f"  置き場所    {server.cluster}")
    if server.known():
        print(f"  ポート      {server.info().port}")
    return 0 if running else 3


def open_shell(options: argparse.Namespace) -> int:
    import subprocess

    from tsunagari.config import database, preparing
    from tsunagari.config.pgbinaries import client_program

    with database.in_use():
        login = database.web_login() if options.role == "web" else database.owner_login()
        command = [str(client_program("psql", preparing.server_version(login))), *options.arguments]
        return subprocess.run(command, env={**os.environ, **login.environment()}, check=False).returncode


def backup(options: argparse.Namespace) -> None:
    from tsunagari.config import backups, database

    with database.in_use():
        size = backups.backup(options.file)
    print(f"保存しました: {options.file} ({size:,} バイト)")


def restore(options: argparse.Namespace) -> None:
    from tsunagari.config import backups, database

    with database.in_use():
        backups.restore(options.file, replace=options.replace)
    print(f"戻しました: {options.file}", file=sys.stdout)


def _embedded() -> Any:
    from tsunagari.config import database
    from tsunagari.config.pgbinaries import DatabaseSetupError

    server = database.embedded_server()
    if server is None:
        raise DatabaseSetupError(
            "DATABASE_URL のサーバーを使っています。始める・止めるはサーバーの側で行ってください。"
        )
    return server
