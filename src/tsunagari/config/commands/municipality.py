"""``tsunagari municipality add CODE``: take up a real town, with its name from the national list."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("municipality", help="使う市区町村を登録する")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="全国地方公共団体コードで登録する")
    add.add_argument("code", metavar="CODE", help="全国地方公共団体コード（6けたか5けた）")
    add.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Once or again: a town that is there already stays as it is."""
    from tsunagari.config import running

    with running.django_ready("web"):
        from tsunagari.base import clock, tenancy
        from tsunagari.config import operators
        from tsunagari.places.models import Municipality
        from tsunagari.places.operations.municipalities import ensure_municipality

        before = Municipality.objects.count()
        with tenancy.municipality(0):
            town = ensure_municipality(options.code, actor=operators.installer())
        new = Municipality.objects.count() > before
        print(
            f"{town.prefecture}{town.name}（{town.code}）{'を登録しました' if new else 'は、もう登録されています'}。"
        )
        if town.valid_to is not None and town.valid_to < clock.today():
            print(
                f"注意：この市区町村は {town.valid_to:%Y年%-m月%-d日} までのものです。コードを確かめてください。"
            )
        if new:
            print("つぎに、はじめの担当を登録します：")
            print(f"  tsunagari staff add --municipality {town.code} --role officer --username … --name …")
        return 0
