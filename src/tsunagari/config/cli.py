"""The ``tsunagari`` command. Its subcommands are the modules of ``tsunagari.config.commands``."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Sequence

from tsunagari.config import commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; the exit code. What goes wrong is one line on standard error."""
    options = build_parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output, such as `head`, has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # the last place where a person can still be told in one line
        if options.debug:
            traceback.print_exc()
        else:
            print(f"tsunagari: {explain(error)}", file=sys.stderr)
        return 1


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tsunagari", description="つながり: 地域子育て相談機関のための業務システム"
    )
    parser.add_argument("--debug", action="store_true", help="失敗の詳しい経過を表示する")
    subparsers = parser.add_subparsers(title="subcommands", metavar="COMMAND", required=True)
    for module in sorted(pkgutil.iter_modules(commands.__path__), key=lambda found: found.name):
        importlib.import_module(f"{commands.__name__}.{module.name}").add_parser(subparsers)
    return parser


def explain(error: Exception) -> str:
    """One line for a person: the message where it was written for people, else the kind of failure."""
    message = " ".join(f"{error}{getattr(error, 'what_to_do', '')}".split())
    name = type(error).__name__
    if name in ("DatabaseSetupError", "DomainError", "CommandError", "ImproperlyConfigured"):
        return message
    return f"思わぬ失敗です ({name}: {message})。--debug を付けると詳しい経過が出ます。"


if __name__ == "__main__":
    sys.exit(main())
