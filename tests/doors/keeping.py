"""What the crawl needs of keeping: a mark, a text, a talk, an attachment, each with words of the family."""

from __future__ import annotations

from hashlib import sha256

from tests.makers import Town

from tsunagari.base import clock
from tsunagari.encounters.models import (
    Attachment,
    AttachmentContent,
    Consultation,
    GroupTalk,
    RecordMark,
    Snippet,
)


def make_keeping(town: Town, record_id: int, words: str) -> dict[str, int]:
    """Ids by route parameter; the record is marked and part of the talk."""
    now, own = clock.now(), {"municipality": town.municipality, "agency": town.aoba}
    mark = RecordMark.objects.create(municipality=town.municipality, symbol="●", name="気になる")
    snippet = Snippet.objects.create(**own, title="様子", text="笑顔が多い。")
    talk = GroupTalk.objects.create(
        **own,
        topic=words,
        content=words,
        occurred_at=now,
        created_at=now,
        key="00000000-0000-4000-8000-000000000001",
    )
    Consultation.objects.filter(pk=record_id).update(mark=mark, group=talk)
    data = words.encode()
    attachment = Attachment.objects.create(
        municipality=town.municipality,
        consultation_id=record_id,
        name=f"{words}.jpg",
        media_type="image/jpeg",
        size=len(data),
        sha256=sha256(data).hexdigest(),
        added_at=now,
    )
    AttachmentContent.objects.create(
        municipality=town.municipality, attachment=attachment, data=data, preview=data
    )
    return {
        "mark_id": mark.pk,
        "snippet_id": snippet.pk,
        "talk_id": talk.pk,
        "attachment_id": attachment.pk,
    }
