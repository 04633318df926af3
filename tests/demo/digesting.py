"""What matters of all rows of a demo's town, to tell whether two builds made the same one."""

from __future__ import annotations

import hashlib

from tests.makers import scope
from tsunagari.accounts.models import Training
from tsunagari.audit.models import Entry
from tsunagari.demo.towns import TSUNAGARI
from tsunagari.encounters.models import (
    Assessment,
    Attachment,
    Chart,
    Consultation,
    KioskScan,
    PlanAction,
    RecordComment,
    Seal,
    Tally,
    Visit,
)
from tsunagari.families.models import (
    BenefitUse,
    CandidatePair,
    Card,
    HomeChange,
    Person,
    Registration,
    Renewal,
)
from tsunagari.interop.models import Import, RosterRow
from tsunagari.places.models import Municipality, SiteTime
from tsunagari.reports.models import Report


def digest() -> str:
    """What matters of all rows of the town, without the numbers the database and the card register draw."""
    with scope(Municipality.objects.get(code=TSUNAGARI.code)):
        return hashlib.sha256(repr(_rows()).encode()).hexdigest()


def _rows() -> list[object]:
    return [
        list(Person.objects.order_by("pk").values_list("family_name", "given_kana", "birth_date", "life")),
        list(Visit.objects.order_by("pk").values_list("arrived_at", "adults", "children", "key")),
        list(Consultation.objects.order_by("pk").values_list("occurred_at", "content", "version")),
        list(Consultation.objects.filter(group=None).order_by("pk").values_list("key", flat=True)),
        list(Registration.objects.order_by("pk").values_list("starts_on", "source", "is_home")),
        list(Entry.objects.order_by("seq").values_list("at", "action", "role")),
        list(Renewal.objects.order_by("pk").values_list("renewed_on", "fiscal_year", "document")),
        list(Card.objects.order_by("pk").values_list("issued_at", "printed_at", "revoked_at", "reason")),
        list(HomeChange.objects.order_by("pk").values_list("changed_at", "former_seen_at", "new_seen_at")),
        list(BenefitUse.objects.order_by("pk").values_list("benefit__name", "used_on", "key", "note")),
        list(Tally.objects.order_by("pk").values_list("day", "at", "families", "children", "key")),
        list(SiteTime.objects.order_by("pk").values_list("site__name", "weekday", "weeks", "opens")),
        list(KioskScan.objects.order_by("pk").values_list("reason", "scanned_at", "key")),
        list(CandidatePair.objects.order_by("left", "right").values_list("weight", "left__created_at")),
        list(RosterRow.objects.order_by("pk").values_list("number", "match", "group", "reason")),
        list(Import.objects.order_by("pk").values_list("status", "filename", "digest", "rows")),
        list(Consultation.objects.order_by("pk").values_list("concern", "mark__symbol", "kind", "sight")),
        list(Chart.objects.order_by("pk").values_list("number", "opened_on", "owner_name", "closed_on")),
        list(Assessment.objects.order_by("pk").values_list("assessed_on", "answers", "total", "key")),
        list(PlanAction.objects.order_by("pk").values_list("what", "due_on", "done_on", "plan__review_on")),
        list(Seal.objects.order_by("pk").values_list("user_name", "asked_at", "sealed_at", "due_on")),
        list(RecordComment.objects.order_by("pk").values_list("text", "author_name", "written_at")),
        list(Report.objects.order_by("pk").values_list("starts_on", "state", "note", "submitted_at")),
        list(Training.objects.order_by("pk").values_list("user__name", "course__name", "taken_on")),
        list(Attachment.objects.order_by("pk").values_list("name", "sha256")),
    ]
