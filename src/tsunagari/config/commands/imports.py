"""``tsunagari import agencies|residents|areas FILE``: the city's lists, also from a schedule.

Exit code 0: all rows were taken; 1: some were refused; 2: nothing was taken.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

KINDS = {
    "agencies": "施設一覧（CSV、Excel、点の GeoJSON）",
    "residents": "住民の抽出データ（CSV、Excel）",
    "areas": "区域（GeoJSON）",
}
TAKEN, PARTLY, NOTHING = 0, 1, 2


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("import", help="市の一覧や住民の抽出データを取り込む")
    kinds = parser.add_subparsers(title="kinds", metavar="KIND", required=True)
    for kind, text in KINDS.items():
        added = kinds.add_parser(kind, help=text, description=text)
        added.add_argument("file", type=Path, metavar="FILE")
        added.add_argument("--municipality", metavar="CODE", help="全国地方公共団体コード（6けたか5けた）")
        added.add_argument("--dry-run", action="store_true", help="何が変わるかを見るだけで、書き込まない")
        added.add_argument("--json", action="store_true", help="結果を JSON で出す")
        added.add_argument("--sheet", metavar="NAME", help="Excel のシートの名前")
        if kind == "areas":
            added.add_argument(
                "--area-kind",
                choices=["school", "nurse", "other"],
                default="school",
                help="区域の種類（既定は中学校区）",
            )
        added.set_defaults(run=run, kind=kind)


def run(options: argparse.Namespace) -> int:
    """Import one file; a failure of any sort leaves the database as it was and gives `NOTHING`."""
    from tsunagari.config import running

    with running.django_ready("web"):
        from tsunagari.base.errors import DomainError
        from tsunagari.base.sheets import SheetError

        try:
            outcome = _import(options)
        except (DomainError, SheetError) as error:
            return _nothing(str(error))
        except OSError as error:
            return _nothing(
                f"ファイルを開けません（{error.strerror}）。場所と読み取りの権限を確かめてください。"
            )
        except Exception as error:  # its text may quote rows of the file
            if options.debug:
                raise
            return _nothing(f"取り込めませんでした（{type(error).__name__}）。登録は何も変わっていません。")
        _show(outcome.plan, options)
        return PARTLY if outcome.plan.rejected else TAKEN


def _nothing(message: str) -> int:
    print(f"tsunagari: {message}", file=sys.stderr)
    return NOTHING


def _import(options: argparse.Namespace) -> Any:
    from tsunagari.base import tenancy
    from tsunagari.config import operators
    from tsunagari.interop import operations

    content = options.file.read_bytes()
    municipality = operators.town_of(options.municipality)
    chosen = {"sheet": options.sheet or "", "area_kind": getattr(options, "area_kind", "school")}
    with tenancy.municipality(municipality.pk):
        return operations.import_now(
            actor=operators.operator(municipality),
            kind=options.kind,
            filename=options.file.name,
            content=content,
            options=chosen,
            dry_run=options.dry_run,
            progress=_progress,
        )


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and (done == total or done % 100 == 0):
        print(f"\r{done:,} / {total:,}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _show(plan: Any, options: argparse.Namespace) -> None:
    if options.json:
        rejected = [refused.as_dict() for refused in plan.rejected]
        counts = {
            "added": plan.added,
            "changed": plan.changed,
            "unchanged": plan.unchanged,
            "rejected": rejected,
        }
        print(json.dumps(counts, ensure_ascii=False))
        return
    heading = "取り込むとこうなります（まだ書き込んでいません）" if options.dry_run else "取り込みました"
    print(
        f"{heading}：追加 {plan.added:,}、変更 {plan.changed:,}、変更なし {plan.unchanged:,}、取り込めない行 {len(plan.rejected):,}"
    )
    for note in plan.notes:
        print(f"・{note}")
    for refused in plan.rejected:
        print(f"{refused.row}行目「{refused.column}」{refused.value} … {refused.reason}")
