"""What the crawl needs of circulation: a seal and a comment with words of the family, a rule."""

from __future__ import annotations

from uuid import uuid4

from tests.makers import Town

from tsunagari.base import clock
from tsunagari.encounters.models import CirculationRule, Consultation, RecordComment, Seal
from tsunagari.encounters.operations import words


def make_circulation(town: Town, record_id: int, said: str) -> dict[str, int]:
    """Ids by route parameter; the record can be found by its words."""
    now, of = clock.now(), {"municipality": town.municipality}
    words.keep([Consultation.objects.get(pk=record_id)])
    rule = CirculationRule.objects.create(**of, agency=town.aoba, readers=["manager"], created_at=now)
    seal = Seal.objects.create(
        **of,
        consultation_id=record_id,
        agency=town.aoba,
        user_id=town.counselor.user_id,
        user_name=town.counselor.name,
        asked_at=now,
        asked_by=town.manager.user_id,
        asked_by_name=town.manager.name,
        note=said,
    )
    comment = RecordComment.objects.create(
        **of,
        consultation_id=record_id,
        text=said,
        author_id=town.manager.user_id,
        author_name=town.manager.name,
        written_at=now,
        key=uuid4(),
    )
    return {"seal_id": seal.pk, "comment_id": comment.pk, "rule_id": rule.pk}
