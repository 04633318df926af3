"""Form fields that read what Japanese keyboards send: full-width digits, points, colons and hyphens."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tsunagari.base import clock
from tsunagari.base.japanese.dates import DateError, parse_date
from tsunagari.base.japanese.eras import FIRST_DAY

#: What lies behind it is a slip of the pen, and soon behind the end of all calendars.
LAST_DAY = date(2199, 12, 31)
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}
_WIDE |= {ord(wide): plain for wide, plain in zip("＃＋＊．＿", "#+*._", strict=True)}
_HYPHEN = re.compile("(?<=[0-9A-Za-z])[\u2010-\u2015\u2212\u30fc\uff0d\uff70](?=[0-9A-Za-z])")


class DayField(forms.DateField):
    """A day from 明治 to LAST_DAY: as browsers send it, or typed in any width, western or 和暦."""

    def to_python(self, value: Any) -> date | None:
        day = self._read(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day

    def _read(self, value: Any) -> date | None:
        try:
            return super().to_python(value)
        except ValidationError:
            try:
                return parse_date(str(value), today=clock.today())
            except DateError:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class ClockField(forms.TimeField):
    """A time of the day; ９：３０ is 9:30."""

    def to_python(self, value: Any) -> time | None:
        return super().to_python(_half(value))


class DecimalField(forms.DecimalField):
    """A number with a point; １．５ is 1.5."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # its own stubs say so too
        return super().to_python(_half(value))


class SignsField(forms.CharField):
    """A code, or a telephone number with words around it: digits, Latin letters and the hyphens between them become
    half-width, all else stays as it was typed."""

    def to_python(self, value: Any) -> str:
        return _HYPHEN.sub("-", (super().to_python(value) or "").translate(_WIDE))


def whole(text: str, *, most: int) -> int | None:
    """A whole number from 0 to `most` typed in any width; None for anything else."""
    typed = unicodedata.normalize("NFKC", text).strip()
    return int(typed) if typed.isascii() and typed.isdecimal() and int(typed[:18]) <= most else None


def _half(value: Any) -> Any:
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value
