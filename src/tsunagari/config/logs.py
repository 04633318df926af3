"""What a server's log may hold: where the program failed, never the words of a record.

The message of an exception often quotes the value it choked on (`Key (kana)=(…) already exists`), and logs are
read, copied and kept by people who may see no family.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
SQLSTATE = "sqlstate"


class WithoutWords(logging.Formatter):
    """Tracebacks with files, lines and kinds of exceptions; of a database's error its code and constraint too."""

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 named by logging
        error = ei[1]
        return "\n".join(_lines(error)) if error is not None else ""


def _lines(error: BaseException) -> Iterator[str]:
    for link in reversed(list(_chain(error))):
        yield "Traceback (most recent call last):"
        yield "".join(traceback.format_tb(link.__traceback__)).rstrip()
        yield f"{type(link).__module__}.{type(link).__qualname__}{_codes(link)}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from, the last one first; each once."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _codes(error: BaseException) -> str:
    """What PostgreSQL says about an error without quoting a row."""
    code, diagnosis = getattr(error, SQLSTATE, None), getattr(error, "diag", None)
    names: list[Any] = [
        code,
        getattr(diagnosis, "table_name", None),
        getattr(diagnosis, "constraint_name", None),
    ]
    known = " ".join(str(name) for name in names if name)
    return f" ({known})" if known else ""
