"""Typst at work: one template, one set of data, one PDF. Nothing is written to disk and nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

from tsunagari.base import clock
from tsunagari.base.paper.coverage import FONTS, described, printable

#: Templates are named from here: "families/paper/cards.typ". Typst reads nothing outside.
ROOT = Path(__file__).parents[2]
#: Tagged for screen readers (PDF/UA-1): pictures without words fail here and not at the reader's.
STANDARD: Final = "ua-1"


@cache
def _fonts() -> Any:
    import typst  # heavy: only processes that print load it

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def render(template: str, data: Mapping[str, Any]) -> bytes:
    """The template as a PDF. `data` is texts, numbers, dates, lists and mappings; bytes are SVG pictures.

    In the template it is `sys.inputs.data` as JSON: texts are data, never markup. Characters that no font has are
    printed as 〓 and named at the foot of the page (`unprintable`). RuntimeError when a template is wrong.
    """
    import typst

    lacking: dict[str, None] = {}
    said = _said(data, lacking)
    said["unprintable"] = [described(character) for character in lacking]
    compiler = typst.Compiler(
        str(ROOT / template),
        root=str(ROOT),
        font_paths=_fonts(),
        sys_inputs={"data": orjson.dumps(said).decode()},
    )
    pdf = compiler.compile(
        format="pdf", pdf_standards=STANDARD, timestamp=clock.now().astimezone(UTC).replace(microsecond=0)
    )
    assert isinstance(pdf, bytes)
    return pdf


def _said(value: Any, lacking: dict[str, None]) -> Any:
    """The value with every text made printable."""
    if isinstance(value, str):
        text, missing = printable(value)
        lacking.update(dict.fromkeys(missing))
        return text
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, Mapping):
        return {key: _said(inner, lacking) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_said(inner, lacking) for inner in value]
    return value
