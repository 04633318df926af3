"""Staff with qualifications and training of every state, for pictures and for looking at pages."""

from __future__ import annotations

from datetime import date

from tests.browser.world import MOMENT
from tests.makers import Town, scope
from tsunagari.accounts.operations import skills
from tsunagari.accounts.queries.skills import courses
from tsunagari.accounts.rules.skills import QualificationInput, SupervisionInput, TrainingInput
from tsunagari.base import clock

DAYS = {"児童虐待への対応": date(2024, 1, 20), "個人情報保護": date(2025, 9, 2)}


def skills_of(town: Town) -> None:
    """On the world's day: one training late, one soon, one never taken, a qualification that runs out."""
    with scope(town, town.manager.user_id), clock.stopped_at(MOMENT):
        skills.offer_courses(actor=town.officer)
        who = [actor.user_id or 0 for actor in (town.counselor, town.colleague, town.manager, town.rounds)]
        for course in courses(town.officer):
            if "支援員研修" in course.name or course.name in DAYS:
                given = TrainingInput(course.pk, DAYS.get(course.name, date(2021, 8, 5)), note="架空県主催")
                skills.take(who[:3], given, actor=town.manager)
        skills.hold(who[0], QualificationInput("保育士", date(2015, 3, 31)), actor=town.manager)
        ends = QualificationInput("架空の認定資格", date(2022, 1, 10), date(2027, 1, 9))
        skills.hold(who[0], ends, actor=town.manager)
        skills.hold(who[1], QualificationInput("公認心理師", date(2020, 4, 1)), actor=town.manager)
        learned = "相手の言葉をくり返してから、次をたずねる。"
        talk = SupervisionInput(
            "架空 指導", date(2026, 9, 10), "聞き方のふりかえり", learned, date(2026, 12, 10)
        )
        skills.supervise(who[0], talk, actor=town.manager)
