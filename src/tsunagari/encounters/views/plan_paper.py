"""支援プラン on A4: for the staff file, for the family in plain language, and blank."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import HttpResponse

from tsunagari.base import clock, paper
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.encounters import access, queries
from tsunagari.encounters.models import SupportPlan
from tsunagari.encounters.operations import plans as operations
from tsunagari.encounters.queries import plans as plan_queries
from tsunagari.encounters.queries.charts import concern_words
from tsunagari.encounters.queries.plans import ActionLine, PlanRead
from tsunagari.encounters.queries.readings import readings_of
from tsunagari.encounters.rules.furigana import ruby
from tsunagari.encounters.rules.plans import STATUTORY, not_for_family
from tsunagari.encounters.views import of_family
from tsunagari.encounters.views.assessments import pdf
from tsunagari.encounters.views.plans import plan_of
from tsunagari.places.queries.agencies import period_of

STAFF, FAMILY, BLANK = (f"encounters/paper/{name}.typ" for name in ("plan", "plan_family", "plan_blank"))


@allow(access.PRINT_PLAN)
def plan_pdf(request: StaffRequest, plan_id: int) -> HttpResponse:
    """The whole plan for the file. An address stands on no sheet, so a protected family's neither."""
    found = plan_of(request, plan_id)
    read = plan_queries.plan_read(request.actor, found)
    version = operations.input_of(read.version)
    data = _frame(found, confidential=True) | {
        "number": found.version,
        "family": str(queries.family_name(found.household)),
        "about": read.about,
        "chart": found.chart.number if found.chart else "",
        "protected": found.household.protected,
        "starts": format_wareki(found.starts_on),
        "review": _day(found.review_on),
        "owner": found.owner_name,
        "made": f"{format_wareki(read.version.made_at.astimezone(clock.TOKYO).date())}　{read.version.made_by_name}",
        "reason": version.reason,
        "words": version.family_words,
        "texts": [{"label": label, "text": getattr(version, name)} for name, label in STATUTORY.items()],
        "plain": version.plain_words,
        "goals": [
            {
                "text": one.goal.text,
                "measure": one.goal.measure,
                "actions": [_row(row) for row in one.actions],
            }
            for one in read.goals
        ],
        "agreed": f"{_day(version.agreed_on)}　{version.agreed_by}".strip(),
        "closed": _day(found.closed_on),
        "outcome": found.outcome,
    }
    of_family.looked_at(request, access.PRINT_PLAN, found.household, found, paper="staff")
    return pdf(paper.render(STAFF, data), f"plan-{found.pk}.pdf")


@allow(access.PRINT_PLAN)
def plan_family_pdf(request: StaffRequest, plan_id: int) -> HttpResponse:
    """The sheet the family is given: their words, what we aim at together, who does what, whom to call. `?ruby=1` with
    furigana. DomainError (409) while words of the trade stand in what it prints."""
    found = plan_of(request, plan_id)
    read = plan_queries.plan_read(request.actor, found)
    _require_plain(request, read)
    names = readings_of(found) if request.GET.get("ruby") else None
    data = _frame(found, confidential=False) | _family_data(found, read, names)
    of_family.looked_at(request, access.PRINT_PLAN, found.household, found, paper="family")
    return pdf(paper.render(FAMILY, data), f"plan-{found.pk}-gokazoku.pdf")


def _family_data(found: SupportPlan, read: PlanRead, names: Mapping[str, str] | None) -> dict[str, object]:
    """Every text in runs of (written, reading)."""
    version = operations.input_of(read.version)

    def said(text: str) -> list[tuple[str, str]]:
        return ruby(text, names) if names is not None else [(text, "")]

    period = period_of(found.agency)
    doing = [row for one in read.goals for row in one.actions if row.state == "open"]
    return {
        "with_ruby": names is not None,
        "family": said(f"{queries.family_name(found.household).name}さん"),
        "title": said("これからの支えのプラン"),
        "intro": said(version.plain_words),
        "wishes": said(version.family_words or version.wishes),
        "supports": said(version.supports),
        "goals": [
            {"text": said(one.goal.text), "measure": said(one.goal.measure) if one.goal.measure else []}
            for one in read.goals
        ],
        "doing": [
            {"what": said(row.what), "who": said(row.by_whom), "due": said(_day(row.due_on) or "いつでも")}
            for row in doing
        ],
        "heads": {name: said(words) for name, words in HEADS.items()},
        "review": said(_day(found.review_on)),
        "agency": said(found.agency.name),
        "owner": said(found.owner_name),
        "phone": period.phone if period else "",
        "starts": said(format_wareki(found.starts_on)),
    }


HEADS = {
    "wishes": "話してくださったこと・ねがい",
    "goals": "いっしょに目ざすこと",
    "measure": "できたかどうかのめやす",
    "doing": "すること",
    "what": "なにを",
    "who": "だれが",
    "due": "いつまでに",
    "supports": "使える支え",
    "review": "次に話し合う日",
    "call": "困ったとき・変えたいとき",
    "sign": "説明を聞いて、いっしょに決めました。",
    "change": "このプランは、いつでも変えられます。やめることもできます。",
    "name": "お名前",
    "day": "日にち",
    "worker": "担当",
    "phone": "電話",
}


def _require_plain(request: StaffRequest, read: PlanRead) -> None:
    """Words of the trade stay out of the family's sheet."""
    version = operations.input_of(read.version)
    whats = [row.what for row in read.open_actions]
    words = concern_words(request.actor.municipality_id)
    found = not_for_family(version, whats, words)
    if found:
        where, word = found[0]
        raise DomainError(
            f"ご家族に渡す紙に、内輪のことば「{word}」があります（{where}）。",
            what_to_do="次の版で言いかえてから、印刷してください。",
            status=409,
        )


@allow(access.PRINT_PLAN)
def plan_blank_pdf(request: StaffRequest) -> HttpResponse:
    """A blank plan, to write by hand with the family."""
    data = {
        "issuer": request.actor.agency_name or request.actor.municipality_name,
        "issued_on": format_wareki(clock.today()),
        "confidential": True,
        "texts": list(STATUTORY.values()),
    }
    return pdf(paper.render(BLANK, data), "plan-blank.pdf")


def _frame(found: SupportPlan, *, confidential: bool) -> dict[str, object]:
    return {
        "issuer": found.agency.name,
        "issued_on": format_wareki(clock.today()),
        "confidential": confidential,
    }


def _row(row: ActionLine) -> dict[str, str]:
    states = {"open": "", "done": "できた", "dropped": "やめた"}
    ended = f"{row.ended_on.month}/{row.ended_on.day} " if row.ended_on else ""
    return {
        "what": row.what,
        "who": row.by_whom,
        "owner": row.owner_name,
        "due": f"{row.due_on.year}/{row.due_on.month}/{row.due_on.day}" if row.due_on else "—",
        "result": f"{ended}{states[row.state]}　{row.result}".strip() if row.state != "open" else "",
    }


def _day(day: date | None) -> str:
    return format_wareki(day) if day else ""
