"""Assessments over time as one SVG: a lane for the writer's level of concern and one for each area.

Drawn here and not by Altair: importing Altair and vl-convert takes three seconds in the process that answers, and
vl-convert measures words by fonts of the machine. These are points, lines and words; they need neither. The picture has
no script and no style, so it may be shown under any content policy; numbers stand at every point, shapes tell what
colour tells, and words for those who listen are in title and desc.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

LEFT, STEP, RIGHT, HEAD, LANE, FOOT = 176, 112, 56, 34, 64, 20
FONT = "BIZ UDPGothic, Noto Sans JP, sans-serif"
KEY, INK, SOFT, HAIR, TINT = "#0017c1", "#1a1a1a", "#595959", "#b3b3b3", "#f2f2f2"


@dataclass(frozen=True, slots=True)
class Spot:
    """One value in a lane: `share` 0 to 1, or None for nothing known; `label` stands beside it."""

    share: float | None
    label: str


@dataclass(frozen=True, slots=True)
class Lane:
    """An area through time: one spot for each column, None where it was not asked."""

    name: str
    spots: tuple[Spot | None, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One assessment: when, the writer's level of concern (0 to 3, None unsaid) with its word, and whether the tool
    changed since the one before."""

    day: str
    concern: int | None
    word: str
    new_tool: bool = False


def size(columns: int, lanes: int) -> tuple[int, int]:
    """Width and height in pixels."""
    return LEFT + STEP * columns + RIGHT, HEAD + LANE * (lanes + 1) + FOOT


def picture(title: str, columns: Sequence[Column], lanes: Sequence[Lane], *, levels: int = 4) -> bytes:
    """The picture; the earliest column is on the left. A higher point means that more is needed."""
    width, height = size(len(columns), len(lanes))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-labelledby="t d" font-family="{FONT}">',
        f'<title id="t">{escape(title)}</title>',
        f'<desc id="d">{escape(described(columns, lanes))}</desc>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *_heads(columns, height),
        *_concerns(columns, width, levels),
    ]
    for number, lane in enumerate(lanes, 1):
        parts += _lane(lane, HEAD + LANE * number, width, shaded=number % 2 == 1)
    return "".join([*parts, "</svg>"]).encode()


def described(columns: Sequence[Column], lanes: Sequence[Lane]) -> str:
    """The same in words: what each assessment said."""
    said = []
    for place, column in enumerate(columns):
        values = [f"{lane.name} {spot.label}" for lane in lanes if (spot := lane.spots[place]) is not None]
        said.append(f"{column.day}：気がかりの度合い {column.word or 'なし'}、{'、'.join(values)}")
    return "。".join(said)


def _x(place: int) -> int:
    return LEFT + STEP * place + STEP // 2


def _text(
    x: float,
    y: float,
    words: str,
    *,
    fill: str = INK,
    size: int = 13,
    anchor: str = "middle",
    halo: str = "",
) -> str:
    around = f' stroke="{halo}" stroke-width="4" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{around}>'
        f"{escape(words)}</text>"
    )


def _heads(columns: Sequence[Column], height: int) -> list[str]:
    found = []
    for place, column in enumerate(columns):
        found.append(_text(_x(place), 21, column.day, size=13))
        if column.new_tool:
            x = LEFT + STEP * place
            found.append(
                f'<path d="M{x} 6V{height - FOOT}" stroke="{SOFT}" stroke-dasharray="3 4" fill="none"/>'
            )
            found.append(_text(x, height - 5, "版が変わった", fill=SOFT, size=11))
    return found


def _concerns(columns: Sequence[Column], width: int, levels: int) -> list[str]:
    """The level as so many filled steps of `levels` - 1, with its word below."""
    found = [_text(12, HEAD + 30, "書いた人の度合い", anchor="start", size=14)]
    for place, column in enumerate(columns):
        if column.concern is None:
            found.append(_text(_x(place), HEAD + 30, "—", fill=SOFT))
            continue
        for step in range(levels - 1):
            full = step < column.concern
            found.append(
                f'<rect x="{_x(place) - 26 + step * 18:g}" y="{HEAD + 22 - step * 5}" width="15"'
                f' height="{10 + step * 5}" fill="{KEY if full else "#ffffff"}" stroke="{KEY if full else HAIR}"/>'
            )
        found += [
            _text(_x(place), HEAD + 47 + 12 * row, words, size=11)
            for row, words in enumerate(_rows(column.word, 9))
        ]
    found.append(f'<path d="M0 {HEAD + LANE}H{width}" stroke="{HAIR}" fill="none"/>')
    return found


def _lane(lane: Lane, top: int, width: int, *, shaded: bool) -> list[str]:
    found = [f'<rect y="{top}" width="{width}" height="{LANE}" fill="{TINT}"/>'] if shaded else []
    found += [
        _text(12, top + 26 + 16 * row, words, anchor="start", size=14)
        for row, words in enumerate(_rows(lane.name))
    ]
    base, reach = top + LANE - 12, LANE - 30
    found.append(f'<path d="M{LEFT} {base}H{width - RIGHT}" stroke="{HAIR}" fill="none"/>')
    known = [
        (place, base - spot.share * reach)
        for place, spot in enumerate(lane.spots)
        if spot is not None and spot.share is not None
    ]
    for (one, y1), (two, y2) in pairwise(known):
        found.append(
            f'<path d="M{_x(one)} {y1:.1f}L{_x(two)} {y2:.1f}" stroke="{KEY}" stroke-width="2" fill="none"/>'
        )
    for place, spot in enumerate(lane.spots):
        if spot is None:
            continue
        if spot.share is None:
            found.append(_text(_x(place), base - 8, "？", fill=SOFT))
            continue
        y = base - spot.share * reach
        found.append(f'<circle cx="{_x(place)}" cy="{y:.1f}" r="5" fill="{KEY}"/>')
        found.append(_text(_x(place), y - 9, spot.label, size=12, halo="white"))
    return found


def _rows(name: str, longest: int = 11) -> list[str]:
    """A long name in two rows."""
    return [name] if len(name) <= longest else [name[:longest], _short(name[longest:], longest)]


def _short(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"
