"""``tsunagari manage …``: Django's own management commands, with the database at hand."""

from __future__ import annotations

import argparse
import os
from typing import Any

OWNERS = {
    "migrate",
    "makemigrations",
    "sqlmigrate",
    "sqlflush",
    "flush",
    "createcachetable",
    "squashmigrations",
}


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("manage", help="Django の管理コマンドを実行する", prefix_chars="\0")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…", help="例: check、shell")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    from tsunagari.config import running

    command = options.arguments[0] if options.arguments else "help"
    role = os.environ.get("TSUNAGARI_DB_ROLE") or ("owner" if command in OWNERS else "web")
    with running.django_ready(role):
        execute_from_command_line(["tsunagari manage", *options.arguments])
    return 0
