"""``tsunagari serve``: the system as in production, behind a web server that speaks TLS."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("serve", help="本番と同じ形で動かす (127.0.0.1 で待つ)")
    parser.add_argument("--port", type=int, default=8000, help="待つポート (既定 8000)")
    parser.add_argument("--workers", type=int, default=2, help="画面のプロセス数 (既定 2)")
    parser.add_argument(
        "--demo", action="store_true", help="お試し用の設定で動かす (暗号化なし、二要素認証なし)"
    )
    parser.add_argument("--no-migrate", action="store_true", help="表を最新にする手順を省く")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from tsunagari.config import migrating, running, serving

    with serving.the_only_system(options.port):
        running.set_environment(demo=options.demo)
        if not options.no_migrate:
            migrating.migrate_apart()
        migrating.collect_static_files_apart()
        return serving.serve(options.port, options.workers, lambda: _say(options.port))


def _say(port: int) -> None:
    print(f"動いています: http://127.0.0.1:{port}/  (止めるには Ctrl-C)", flush=True)
