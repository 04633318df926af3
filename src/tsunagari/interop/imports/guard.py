"""個人番号 is refused before anything of the file is kept."""

from __future__ import annotations

from tsunagari.base.sheets import Table, normalise_header
from tsunagari.interop.imports.plan import Unreadable
from tsunagari.interop.rules import is_my_number, names_my_number

#: Headers under which twelve digits are usual; a few rows that pass the check digit by chance prove nothing.
_NUMBERED = {normalise_header(name) for name in ("宛名番号", "世帯番号", "ID", "NO", "識別番号")}
_ENOUGH = 5


def refuse_my_number(table: Table) -> None:
    """Raise `Unreadable` when a column is named as, or holds, 個人番号; nothing of it is in the message."""
    for header in table.headers:
        if names_my_number(header):
            raise Unreadable(_message(header))
    filled = dict.fromkeys(table.headers, 0)
    valid = dict.fromkeys(table.headers, 0)
    suspects = list(table.headers)
    for row in table.rows:
        for header in suspects:
            if value := row.text(header):
                filled[header] += 1
                valid[header] += is_my_number(value)
        suspects = [h for h in suspects if valid[h] * 2 >= filled[h]]
        if not suspects:
            return
    for header in suspects:
        enough = _ENOUGH if normalise_header(header) in _NUMBERED else 1
        if valid[header] >= enough and valid[header] * 10 >= filled[header] * 9:
            raise Unreadable(_message(header))


def _message(header: str) -> str:
    return (
        f"個人番号（マイナンバー）の列「{header[:40]}」があるため、取り込みません。ファイルは保存していません。"
        "この列を除いて抽出し直してください。"
    )
