#!/usr/bin/env python3
"""Fail when a file or function outgrows what reads well. The limits are the architecture's."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINE_CHARACTERS = 120
MODULE_LINES = 400
FUNCTION_LINES = 40
TEST_LINES = 25
TEMPLATE_LINES = 150
README_LINES = 120
PYTHON_FOLDERS = ("src", "tests", "scripts", "benchmarks")


def main() -> int:
    problems = [*python_problems(), *template_problems(), *readme_problems()]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def python_problems() -> Iterator[str]:
    for path in files("*.py", *PYTHON_FOLDERS):
        if "migrations" in path.parts:
            continue
        text = path.read_text()
        if path.name == "utils.py":
            yield f"{name(path)}: a module is named after what it holds, never utils.py"
        if (lines := text.count("\n")) > MODULE_LINES:
            yield f"{name(path)}: {lines} lines, at most {MODULE_LINES}"
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > LINE_CHARACTERS:
                yield f"{name(path)}:{number}: {len(line)} characters, at most {LINE_CHARACTERS}"
        yield from function_problems(path, text)


def function_problems(path: Path, text: str) -> Iterator[str]:
    """A test function counts whole; another function from `def` to its end, decorators left out."""
    is_test = path.relative_to(ROOT).parts[0] == "tests"
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        limit = TEST_LINES if is_test and node.name.startswith("test_") else FUNCTION_LINES
        if lines > limit:
            yield f"{name(path)}:{node.lineno}: {node.name} has {lines} lines, at most {limit}"


def template_problems() -> Iterator[str]:
    for path in files("*.html", "src"):
        if (lines := path.read_text().count("\n")) > TEMPLATE_LINES:
            yield f"{name(path)}: {lines} lines, at most {TEMPLATE_LINES}"


def readme_problems() -> Iterator[str]:
    if (lines := (ROOT / "README.md").read_text().count("\n")) > README_LINES:
        yield f"README.md: {lines} lines, at most {README_LINES}"


def files(pattern: str, *folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob(pattern))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
