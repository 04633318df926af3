"""``tsunagari run``: the development server."""

from __future__ import annotations

import argparse
import os
from typing import Any


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("run", help="開発用に動かす (ファイルを変えると読み直す)")
    parser.add_argument("--port", type=int, default=8000, help="待つポート (既定 8000)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from tsunagari.config import migrating, serving

    os.environ.setdefault("TSUNAGARI_DEBUG", "1")
    os.environ.setdefault("TSUNAGARI_MFA_REQUIRED", "0")
    with serving.the_only_system(options.port):
        migrating.migrate_apart()
        return serving.develop(
            options.port, lambda: print(f"開発サーバー: http://127.0.0.1:{options.port}/", flush=True)
        )
