"""Municipalities: taken up by their code, and their settings."""

from __future__ import annotations

import re

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import tenancy
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.codes import CodeError, normalize_lg_code
from tsunagari.places import access, queries
from tsunagari.places.models import Municipality

FICTIONAL = re.compile(r"9999[0-9]{2}")


@transaction.atomic
def ensure_municipality(
    code: str, *, actor: Actor | None = None, name: str = "", prefecture: str = "", fictional: bool = False
) -> Municipality:
    """The municipality of a code (four to six digits), taken up from the national list when it is new here.

    A 9999xx code belongs to nobody: it needs `fictional=True` and a name. DomainError on unknown codes.
    Whoever installs has no town yet, so `actor` may be missing; a given actor leaves trail in the scope.
    """
    if fictional:
        return _ensure_fictional(code, name, prefecture)
    try:
        known = queries.known_municipalities()[normalize_lg_code(code, queries.known_codes())]
    except CodeError as error:
        raise DomainError(str(error), field="code") from None
    municipality, created = Municipality.objects.get_or_create(
        code=known.code,
        defaults={
            "name": known.name,
            "kana": known.kana,
            "prefecture": known.prefecture,
            "valid_to": known.valid_to,
        },
    )
    if created and actor is not None and tenancy.is_open():
        audit.record(access.MANAGE_PLACES, actor=actor, obj=municipality, detail={"change": "municipality"})
    return municipality


def _ensure_fictional(code: str, name: str, prefecture: str) -> Municipality:
    if not FICTIONAL.fullmatch(code):
        raise DomainError("架空の自治体のコードは、9999で始まる6けたにしてください。", field="code")
    if not name:
        raise DomainError("架空の自治体の名称を入れてください。", field="name")
    defaults = {"name": name, "prefecture": prefecture or "架空県"}
    return Municipality.objects.get_or_create(code=code, defaults=defaults)[0]
