"""``tsunagari import agencies|residents|areas|roster FILE``: the city's lists and old rosters, also from a schedule.

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
    _add_roster(kinds)


def _add_roster(kinds: Any) -> None:
    text = "これまでの名簿・来所簿（CSV、Excel）"
    added = kinds.add_parser("roster", help=text, description=text)
    added.add_argument("file", type=Path, metavar="FILE")
    added.add_argument("--agency", type=int, required=True, metavar="ID", help="名簿の機関の番号")
    added.add_argument("--municipality", metavar="CODE", help="全国地方公共団体コード（6けたか5けた）")
    added.add_argument(
        "--mapping", type=Path, metavar="FILE.json", help="列の対応（なければ見出しから決める）"
    )
    added.add_argument("--sheet", metavar="NAME", help="Excel のシートの名前")
    added.add_argument("--header", type=int, metavar="N", help="見出しの行（なければ自動）")
    added.add_argument(
        "--maybe-new", action="store_true", help="登録ずみかもしれない家庭も、新しい家庭として取り込む"
    )
    added.add_argument("--dry-run", action="store_true", help="何が変わるかを見るだけで、書き込まない")
    added.add_argument("--json", action="store_true", help="結果を JSON で出す")
    added.set_defaults(run=run, kind="roster")


def run(options: argparse.Namespace) -> int:
    """Import one file; a failure of any sort leaves the database as it was and gives `NOTHING`."""
    from tsunagari.config import running

    with running.django_ready("web"):
        from tsunagari.base.errors import DomainError
        from tsunagari.base.sheets import SheetError

        try:
            if options.kind == "roster":
                from tsunagari.config import old_rosters

                return PARTLY if old_rosters.bring_in(options, progress=_progress) else TAKEN
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
