"""Old .xls books are read in a process of their own.

Their cell addresses cannot be measured beforehand as those of an XLSX can, and one false address makes the
reader ask for more memory than there is, which ends the process. So that process is not ours.
"""

from __future__ import annotations

import pickle
import resource
import subprocess
import sys

from tsunagari.base.sheets.errors import SheetError
from tsunagari.base.sheets.excel import BROKEN, Book, read_excel

_MEMORY_BYTES = 2 * 1024**3
_SECONDS = 60


def read_excel_apart(data: bytes, sheet: str | None) -> Book:
    """What `read_excel` reads, with at most 2 GiB and a minute to do it. Raises `SheetError`."""
    command = [sys.executable, "-m", "tsunagari.base.sheets.apart", *([sheet] if sheet is not None else [])]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise SheetError(BROKEN) from None
    if done.returncode != 0:
        raise SheetError(BROKEN)
    answer = pickle.loads(done.stdout)  # noqa: S301 — written by our own code below, not by the sender
    if isinstance(answer, Book):
        return answer
    raise SheetError(str(answer))


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer: Book | str
    try:
        answer = read_excel(sys.stdin.buffer.read(), sys.argv[1] if len(sys.argv) > 1 else None)
    except SheetError as error:
        answer = str(error)
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    _main()
