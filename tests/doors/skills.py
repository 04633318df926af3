"""What the crawl needs of skills: a course, and a row of each kind of the counselor."""

from __future__ import annotations

from tests.makers import Town

from tsunagari.accounts.operations import skills
from tsunagari.accounts.rules.skills import CourseInput, QualificationInput, SupervisionInput, TrainingInput
from tsunagari.base import clock


def make_skills(town: Town, words: str) -> dict[str, int]:
    """Ids by route parameter. `words` stand where a supervision is written about, by mistake."""
    who, actor, today = town.counselor.user_id or 0, town.manager, clock.today()
    course = skills.add_course(CourseInput("試験の研修", ("counselor",), 12, 1), actor=town.officer)
    training = skills.take([who], TrainingInput(course.pk, today, note=words), actor=actor)[0]
    held = skills.hold(who, QualificationInput("試験の資格"), actor=actor)
    talk = skills.supervise(who, SupervisionInput("架空 指導", today, words, words), actor=actor)
    return {
        "course_id": course.pk,
        "training_id": training.pk,
        "qualification_id": held.pk,
        "supervision_id": talk.pk,
    }
