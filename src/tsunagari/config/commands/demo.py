"""``tsunagari demo``: a fictional town to try everything in."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("demo", help="架空の町で試す")
    parser.add_argument("--port", type=int, default=8000, help="待つポート (既定 8000)")
    parser.add_argument("--workers", type=int, default=2, help="画面のプロセス数 (既定 2)")
    parser.add_argument("--reset", action="store_true", help="町を初めから作り直す")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from tsunagari.config import running, serving

    with serving.the_only_system(options.port):
        running.set_environment(demo=True)
        accounts = _town(reset=options.reset) or _town(reset=True)
        return serving.serve(options.port, options.workers, lambda: _welcome(options.port, accounts))


def _town(*, reset: bool) -> str:
    """The database with the town in it, built when it is not there yet: the table of accounts to sign in with.

    Empty when an earlier build was broken off half way, so that one has to start over.
    """
    from tsunagari.config import folders, migrating, preparing, running

    preparing.claim_for_demo(reset=reset)
    migrating.migrate_apart()
    with running.django_ready("web", demo=True):
        from tsunagari.demo import build

        if build.state() == "half":
            return ""
        rosters = folders.data_folder() / "rosters"
        build.build_if_missing(folder=rosters, settle=preparing.gather_statistics)
        return build.accounts_table(rosters)


def _welcome(port: int, accounts: str) -> None:
    print(f"\nつながり (お試し): http://127.0.0.1:{port}/\n\n{accounts}\n\n止めるには Ctrl-C。", flush=True)
