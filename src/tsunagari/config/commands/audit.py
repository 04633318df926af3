"""`tsunagari audit verify` walks every chain of the trail; `tsunagari audit anchor` prints where they end.

Keep the anchor's output outside the system (on paper, with another department): a trail rewritten from its first
entry, chain and all, still cannot meet a hash that was written down elsewhere.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from tsunagari.config import running


def add_parser(commands: Any) -> None:
    """`audit verify [--municipality CODE] [--anchor FILE]` and `audit anchor`."""
    parser = commands.add_parser("audit", help="操作の記録を確かめる")
    steps = parser.add_subparsers(dest="step", required=True)
    verify = steps.add_parser(
        "verify", help="鎖のつながりを確かめる。切れていれば最初の場所を示して 1 で終わる"
    )
    verify.add_argument("--municipality", metavar="CODE", help="この自治体だけ（全国地方公共団体コード）")
    verify.add_argument(
        "--anchor", type=Path, metavar="FILE", help="以前に書き出した anchor とも突き合わせる"
    )
    verify.set_defaults(run=run_verify)
    anchor = steps.add_parser("anchor", help="いまの末尾（番号とハッシュ）を書き出す。システムの外で保管する")
    anchor.set_defaults(run=run_anchor)


def run_verify(arguments: argparse.Namespace) -> int:
    """0 when every chain holds, 1 with the first broken entry otherwise, 2 for a wrong code or anchor file."""
    try:
        anchors = _read_anchors(arguments.anchor) if arguments.anchor else {}
    except (OSError, ValueError) as problem:
        print(f"anchor を読めません: {problem}", file=sys.stderr)
        return 2
    with running.django_ready("owner"):
        return _verify(arguments.municipality, anchors)


def _verify(code: str | None, anchors: dict[int, tuple[int, str]]) -> int:
    from tsunagari.audit import queries

    names = _municipalities()
    wanted = None
    if code:
        wanted = next((pk for pk, (known, _) in names.items() if known.startswith(code)), None)
        if wanted is None:
            print(f"自治体 {code} はありません。", file=sys.stderr)
            return 2
    broken = 0
    for result in queries.verify(wanted, anchors=anchors):
        name = names.get(result.municipality_id, ("", "（サインインなど）"))[1]
        broken += result.broken is not None
        print(
            f"× {name}: {result.broken}"
            if result.broken
            else f"○ {name}: {result.entries} 件、切れ目はありません。"
        )
    return 1 if broken else 0


def run_anchor(arguments: argparse.Namespace) -> int:
    """One line a chain: municipality id, position, hash."""
    with running.django_ready("owner"):
        from tsunagari.audit.models import Head

        for head in Head.objects.order_by("municipality_id"):
            print(head.municipality_id, head.seq, head.hash)
    return 0


def _read_anchors(path: Path) -> dict[int, tuple[int, str]]:
    anchors: dict[int, tuple[int, str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            town, seq, digest = line.split()
            anchors[int(town)] = (int(seq), digest)
    return anchors


def _municipalities() -> dict[int, tuple[str, str]]:
    from tsunagari.places.models import Municipality

    return {row.pk: (row.code, row.name) for row in Municipality.objects.all()}
