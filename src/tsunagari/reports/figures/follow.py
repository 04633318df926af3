"""登録とカルテ: families that registered, charts that were opened and closed."""

from __future__ import annotations

from tsunagari.reports.figures.reading import Found, Span, read
from tsunagari.reports.rules import Line, Section

#: A registration that goes on from another one of the family with the agency is not new (a change of かかりつけ).
NEW = """
r.municipality_id = %(town)s AND r.agency_id = ANY(%(agencies)s) AND r.starts_on BETWEEN %(first)s AND %(last)s
AND NOT EXISTS (SELECT 1 FROM families_registration e WHERE e.household_id = r.household_id
  AND e.agency_id = r.agency_id AND (e.starts_on, e.id) < (r.starts_on, r.id))"""
ENDED = """
r.municipality_id = %(town)s AND r.agency_id = ANY(%(agencies)s) AND r.ends_on BETWEEN %(first)s AND %(last)s
AND NOT EXISTS (SELECT 1 FROM families_registration e WHERE e.household_id = r.household_id
  AND e.agency_id = r.agency_id AND (e.ends_on IS NULL OR e.ends_on > r.ends_on))"""
CHARTS = "c.municipality_id = %(town)s AND c.agency_id = ANY(%(agencies)s)"
OPENED = f"{CHARTS} AND c.opened_on BETWEEN %(first)s AND %(last)s"
CLOSED = f"{CHARTS} AND c.closed_on BETWEEN %(first)s AND %(last)s"
STANDING = f"{CHARTS} AND c.opened_on <= %(last)s AND (c.closed_on IS NULL OR c.closed_on > %(last)s)"

_STATEMENT = " UNION ALL ".join(
    f"SELECT '{name}', agency_id, '', '', '', count(*) FROM {table} WHERE {where} GROUP BY 2"  # noqa: S608
    for name, table, where in (
        ("registered", "families_registration r", NEW),
        ("ended", "families_registration r", ENDED),
        ("opened", "encounters_chart c", OPENED),
        ("closed", "encounters_chart c", CLOSED),
        ("standing", "encounters_chart c", STANDING),
    )
)
ROWS = (
    Line("registered", "新しく登録した家庭"),
    Line("ended", "登録を終えた家庭"),
    Line("opened", "ひらいた個別記録（カルテ）"),
    Line("closed", "終えた個別記録（カルテ）"),
    Line("standing", "つづいている個別記録（期間の終わり）"),
)


def read_follow(span: Span) -> Found:
    """One statement."""
    return Found(span, read(_STATEMENT, span.params))


def sections(found: Found) -> list[Section]:
    cells = tuple((found.ones(row.key, ())[""],) for row in ROWS)
    return [Section("follow", "登録と個別記録", ROWS, cells, opens="follow")]


def rows_behind(span: Span, row: str) -> list[tuple[int, int]]:
    """(id, household id) of the registrations or charts behind a figure; `of_charts` says which."""
    table, where = {
        "registered": ("families_registration r", NEW),
        "ended": ("families_registration r", ENDED),
        "opened": ("encounters_chart c", OPENED),
        "closed": ("encounters_chart c", CLOSED),
        "standing": ("encounters_chart c", STANDING),
    }[row]
    return read(f"SELECT id, household_id FROM {table} WHERE {where}", span.params)  # noqa: S608 - our own words


def of_charts(row: str) -> bool:
    return row in ("opened", "closed", "standing")
