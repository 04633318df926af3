"""The city's own form for its reports."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from hashlib import sha256

from django.db import transaction
from django.db.models import BinaryField, F, Func, Q

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.base.sheets import SheetError
from tsunagari.base.sheets.containers import check_xlsx, kind_of
from tsunagari.places.models import Municipality
from tsunagari.reports import access, workbooks
from tsunagari.reports.models import ReportTemplate

LARGEST = 2 * 1024 * 1024
#: Parts of a workbook that run, fetch or hide something.
_ACTIVE = re.compile(
    r"vbaProject|macrosheets|activeX|ctrlProps|embeddings|externalLinks|connections\.xml|customUI", re.I
)
_REACHES_OUT = re.compile(  # a link to a place in the book itself does not
    r"\b(?:WEBSERVICE|HYPERLINK(?!\s*\(\s*\"#)|IMPORT\w*|RTD|CALL|REGISTER\.ID|DDE)\s*\(|\[|\|", re.I
)
_FOR_ENDING = re.compile(rb"<(?:\w+:)?Default\b[^<>]*\bExtension\s*=\s*[\"'](\w+)[\"'][^<>]*>")
_MEND = "マクロや外部参照のない xlsx で保存しなおしてください。"


def upload(kind: str, name: str, data: bytes, *, actor: Actor, known: Collection[str]) -> ReportTemplate:
    """Put a form in force for the kind of report. Names in it that are not `known` stand in `problems`. The very file
    that is in force already stays the one it is (`same_as_now`).

    DomainError for anything but a plain workbook: macros, links to elsewhere, embedded things are refused.
    """
    _require_plain(data)
    asked = workbooks.names_in(data)
    if not asked:
        raise DomainError(
            "{{ }} で書いた名前がありません。",
            what_to_do="名前の一覧を見て、数字を入れたいセルに名前を書いてください。",
            field="file",
        )
    unknown = [one for one in asked if one not in known]
    with transaction.atomic():
        Municipality.objects.select_for_update(no_key=True).get(pk=actor.municipality_id)
        if (now := same_as_now(kind, data, actor=actor)) is not None:
            if now.problems != unknown:  # what can be named changed since
                now.problems = unknown
                now.save(update_fields=["problems"])
                detail = {"kind": kind, "did": "again", "unknown": len(unknown)}
                audit.record(access.LAYOUT, actor=actor, obj=now, detail=detail)
            return now
        _end(actor, Q(kind=kind))
        made = ReportTemplate.objects.create(
            municipality_id=actor.municipality_id,
            kind=kind,
            name=name[:120],
            data=data,
            problems=unknown,
            uploaded_at=clock.now(),
            uploaded_by_name=actor.name,
        )
        detail = {"kind": kind, "names": len(asked), "unknown": len(unknown)}
        audit.record(access.LAYOUT, actor=actor, obj=made, detail=detail)
    return made


def same_as_now(kind: str, data: bytes, *, actor: Actor) -> ReportTemplate | None:
    """The form in force for the kind, when it is this file, byte for byte. The bytes stay where they are: one query."""
    rows = ReportTemplate.objects.filter(
        municipality_id=actor.municipality_id, kind=kind, ended_at__isnull=True
    )
    found: ReportTemplate | None = (
        rows.annotate(hash=Func(F("data"), function="sha256", output_field=BinaryField()))
        .filter(hash=sha256(data).digest())
        .defer("data")
        .first()
    )
    return found


@transaction.atomic
def end(kind: str, *, actor: Actor) -> None:
    """Back to the default layout."""
    if _end(actor, Q(kind=kind)):
        audit.record(access.LAYOUT, actor=actor, detail={"kind": kind, "did": "end"})


def _end(actor: Actor, which: Q) -> int:
    rows = ReportTemplate.objects.filter(which, municipality_id=actor.municipality_id, ended_at__isnull=True)
    return rows.update(ended_at=clock.now())


def _require_plain(data: bytes) -> None:
    if len(data) > LARGEST:
        raise DomainError("ファイルが大きすぎます（2MBまで）。", field="file")
    try:
        if kind_of(data) != "xlsx":
            raise DomainError("Excel の xlsx ファイルをえらんでください。", field="file")
        check_xlsx(data)
    except SheetError as error:
        raise DomainError(str(error), field="file") from None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names, types = archive.namelist(), archive.read("[Content_Types].xml")
    if any(_ACTIVE.search(one) for one in names) or _holds_macros(types, names):
        raise DomainError("マクロや外部への参照が入っています。", what_to_do=_MEND, field="file")
    try:
        reaching = [one for one in workbooks.formulas_in(data) if _REACHES_OUT.search(one)]
    except Exception:  # a reader of other people's workbooks fails in many ways
        raise DomainError("ファイルを読み取れません。", what_to_do=_MEND, field="file") from None
    if reaching:
        raise DomainError("ほかのファイルや外へつながる式が入っています。", what_to_do=_MEND, field="file")


def _holds_macros(types: bytes, names: Collection[str]) -> bool:
    """Whether a part of the workbook may hold macros. Some writers declare the kind for an ending that no part has:
    that is nothing."""
    endings = {one.rpartition(".")[2].lower() for one in names}
    told = _FOR_ENDING.sub(lambda one: one[0] if one[1].decode().lower() in endings else b"", types)
    return b"macroenabled" in told.lower()
