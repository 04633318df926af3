"""A Python function while it is being written, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Render = Callable[[Any], str]
HEAD = ["def render(context):", "    dicts = context.dicts", "    out = []", "    add = out.append"]
TAIL = "    return SafeString(''.join(out))"
_IDENTIFIER = re.compile(r"[^0-9A-Za-z_]+")


class Page:
    """Lines of the function, and the objects they name.

    `locals` are a loop's variables that stand in Python variables too. `loop_asked` is set once something may ask for
    `forloop`, `may_assign` tells whether any tag in the function may set a context variable by itself.
    """

    def __init__(self, known: dict[str, Any], *, may_assign: bool) -> None:
        self.names, self.lines, self.depth = dict(known), list[str](), 1
        self.locals: dict[str, str] = {}
        self.loop_asked, self.may_assign = False, may_assign
        self._texts: list[str] = []
        self._count = 0

    def text(self, text: str) -> None:
        """Words of the page as they are; neighbours are joined."""
        self._texts.append(text)

    def line(self, code: str) -> None:
        self._flush()
        self._put(code)

    def constant(self, thing: object) -> str:
        """The name under which the function finds `thing`."""
        name = self._name("K")
        self.names[name] = thing
        return name

    def fresh(self) -> str:
        """A Python variable of its own."""
        return self._name("v")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines under `head`, indented."""
        self.line(head)
        self.depth += 1
        before = len(self.lines)
        yield
        self._flush()
        if len(self.lines) == before:
            self._put("pass")
        self.depth -= 1

    @contextmanager
    def aside(self) -> Iterator[list[str]]:
        """Lines that are written now and placed later, by `place`."""
        self._flush()
        kept, self.lines = self.lines, []
        yield (lines := self.lines)
        self._flush()
        self.lines = kept
        assert lines is not kept

    def place(self, lines: list[str]) -> None:
        self._flush()
        self.lines.extend(lines)

    def function(self, title: str) -> Render:
        """The function, compiled; `title` names it in a traceback."""
        self._flush()
        source = "\n".join([*HEAD, *self.lines, TAIL])
        exec(compile(source, f"<template {title}>", "exec"), self.names)  # noqa: S102  our own templates, written here
        render: Render = self.names["render"]
        return render

    def _flush(self) -> None:
        if self._texts:
            text, self._texts = "".join(self._texts), []
            if text:
                self._put(f"add({text!r})")

    def _put(self, code: str) -> None:
        self.lines.append("    " * self.depth + code)

    def _name(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"
