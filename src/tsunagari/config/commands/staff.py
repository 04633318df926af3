"""``tsunagari staff …``: the first officer of a town, people who work in several towns, and lock-outs."""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Iterator
from typing import Any

CODE = "全国地方公共団体コード（6けたか5けた）"
ROLES = ("counselor", "manager", "rounds", "nurse", "lead", "officer", "auditor")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("staff", help="職員を登録する・見る・ログインの停止を解く")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add = actions.add_parser(
        "add", help="職員を登録する。もうログイン名のある人には、この自治体の所属を加える"
    )
    add.add_argument("--municipality", metavar="CODE", required=True, help=CODE)
    add.add_argument("--username", metavar="NAME", required=True, help="ログイン名（英小文字と数字）")
    add.add_argument("--role", required=True, choices=ROLES, help="役割（officer は自治体担当）")
    add.add_argument("--agency", metavar="ID", default="", help="働く場所のID（市の一覧のID）")
    add.add_argument("--name", default="", help="氏名（新しい人には要ります）")
    add.add_argument("--kana", default="", help="ふりがな")
    add.set_defaults(run=run_add)
    show = actions.add_parser("list", help="いまの職員を並べる")
    show.add_argument("--municipality", metavar="CODE", required=True, help=CODE)
    show.set_defaults(run=run_list)
    unlock = actions.add_parser("unlock", help="まちがいが続いて止まったログインを、すぐ使えるようにする")
    unlock.add_argument("username", metavar="USERNAME", help="ログイン名")
    unlock.set_defaults(run=run_unlock)


def run_add(options: argparse.Namespace) -> int:
    """A membership from today on; a new person's one-time password is printed, and kept nowhere."""
    from tsunagari.config import running

    with running.django_ready("web"):
        from tsunagari.accounts.operations.staff import bring_in
        from tsunagari.base import tenancy
        from tsunagari.config import operators

        town = operators.town_of(options.municipality)
        with tenancy.municipality(town.pk):
            user, password = bring_in(_person(options, town), actor=operators.operator(town))
        if password is None:
            print(
                f"{user.name}さん（{user.username}）に、{town.name}の所属を加えました。今のパスワードで入れます。"
            )
            return 0
        print(f"{user.name}さんを{town.name}に登録しました。次のパスワードは、いましか見られません。")
        print(f"ログイン名: {user.username}\nはじめのパスワード: {password}")
        print("はじめてログインすると、自分のパスワードに変え、二要素を設定します。")
        return 0


def _person(options: argparse.Namespace, town: Any) -> Any:
    from tsunagari.accounts.rules import MembershipInput, StaffInput
    from tsunagari.base import clock

    place = MembershipInput(options.role, _agency_id(options, town), clock.today())
    return StaffInput(options.username, options.name, options.kana, place)


def _agency_id(options: argparse.Namespace, town: Any) -> int | None:
    from tsunagari.base.access import LABELS, Role, needs_agency
    from tsunagari.base.errors import DomainError
    from tsunagari.places.models import Agency

    needed = needs_agency(options.role)
    label = LABELS[Role(options.role)]
    if not options.agency:
        if needed:
            raise DomainError(f"{label}には、働く場所が要ります。--agency でIDを指定してください。")
        return None
    if not needed:
        raise DomainError(f"{label}は市全体で働くため、--agency は要りません。")
    places = Agency.objects.filter(municipality_id=town.pk, closed_on__isnull=True)
    found = places.filter(identifier=options.agency).first()
    if found is None:
        known = "、".join(f"{place.identifier} {place.name}" for place in places.order_by("identifier")[:20])
        raise DomainError(
            f"場所「{options.agency}」がありません（{town.name}の場所：{known or 'まだありません'}）。"
        )
    return int(found.pk)


def run_list(options: argparse.Namespace) -> int:
    """One line a membership that is not over, columns apart by blanks."""
    from tsunagari.config import running

    with running.django_ready("web"):
        from tsunagari.accounts import access, queries
        from tsunagari.audit import operations as audit
        from tsunagari.base import tenancy
        from tsunagari.config import operators

        town = operators.town_of(options.municipality)
        with tenancy.municipality(town.pk):
            actor = operators.operator(town)
            lines = [row for line in queries.staff_lines(queries.staff(actor)) for row in _rows(line)]
            audit.record(access.READ_STAFF, actor=actor, detail={"list": len(lines)})
        _print_table(lines or [("まだ職員がいません。",)])
        return 0


def _rows(line: Any) -> Iterator[tuple[str, ...]]:
    from tsunagari.base import clock

    secured = "二要素あり" if line.second_factor else "二要素なし"
    for row in line.memberships:
        if row.valid_to is None or row.valid_to >= clock.today():
            until = row.valid_to.isoformat() if row.valid_to else ""
            place = row.agency.name if row.agency else "市全体"
            role = row.get_role_display()
            yield line.user.username, line.user.name, role, place, f"{row.valid_from}〜{until}", secured


def _print_table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def _width(text: str) -> int:
    """Columns on a terminal: a Japanese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def run_unlock(options: argparse.Namespace) -> int:
    """Forget the failed passwords and codes of one person."""
    from tsunagari.config import running

    with running.django_ready("web"):
        from tsunagari.accounts.operations.staff import unlock
        from tsunagari.base import tenancy
        from tsunagari.config import operators

        with tenancy.municipality(0):
            user, locked = unlock(options.username, actor=operators.installer())
        if locked:
            print(f"{user.name}さん（{user.username}）は、すぐにログインできます。")
        else:
            print(f"{user.name}さん（{user.username}）のログインは、止まっていませんでした。")
            print("同じ回線からのまちがいが続いたときは、5分ほどで使えるようになります。")
        return 0
