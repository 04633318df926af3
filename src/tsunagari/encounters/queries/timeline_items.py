"""What stands on a time line: one thing that happened, in words for lists, and the key to go on from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tsunagari.base.japanese.eras import era_year_text

KINDS: dict[str, str] = {"visit": "来所", "record": "相談", "registration": "登録", "family": "家庭のこと"}


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened. `rank` and `id` order what happened at one instant.

    Of another agency's visit or record the actor may not read, `readable` is False and only the agency, the
    day and the kind are filled. `site` is where an agency met the family when it was not at the agency. `in_chart`: it
    stands in a chart of the actor's agency.
    """

    kind: str
    at: datetime
    rank: int
    id: int
    title: str
    has_time: bool = False
    readable: bool = True
    agency_id: int | None = None
    agency: str = ""
    site: str = ""
    who: str = ""
    people: str = ""
    text: str = ""
    chips: tuple[str, ...] = ()
    first: bool = False
    consent: str = ""
    consent_label: str = ""
    next_step: str = ""
    next_on: date | None = None
    next_result: str = ""
    next_done: bool = False
    corrected: bool = False
    in_chart: bool = False

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def year(self) -> str:
        """ "令和8年", for the line between the years."""
        return era_year_text(date(self.at.year, 12, 31))

    @property
    def day_text(self) -> str:
        """ "11/23"."""
        return f"{self.at.month}/{self.at.day}"

    @property
    def time_text(self) -> str:
        """ "09:05"; empty when only the day is known."""
        return f"{self.at:%H:%M}" if self.has_time else ""

    @property
    def stamp(self) -> str:
        """The moment, or the day, for machines."""
        return f"{self.at:%Y-%m-%dT%H:%M}" if self.has_time else self.at.date().isoformat()

    @property
    def link(self) -> int | None:
        """Id of the record that can be opened from here."""
        return self.id if self.kind == "record" and self.readable else None

    @property
    def foot(self) -> str:
        """Where, by whom, with whom; and what else is to be known of it."""
        where = f"{self.agency}（{self.site}）" if self.site else self.agency
        parts = ["・".join(part for part in (where, self.who) if part) if self.who else where]
        parts.append(self.people)
        parts.append("" if self.readable else "くわしいことは、その機関だけが見られます")
        parts.append("直しあり" if self.corrected else "")
        return "　".join(part for part in parts if part)

    @property
    def next_text(self) -> str:
        """The next step with its day and, once done, what came of it; empty without one."""
        if not self.next_step:
            return ""
        day = f"{self.next_on.month}/{self.next_on.day} " if self.next_on else ""
        return f"{day}{self.next_step}" + (f"　→ {self.next_result}" if self.next_done else "")

    @property
    def css(self) -> str:
        """Class of the mark on the line."""
        return {"record": "rec", "visit": "visit"}.get(self.kind, "")

    @property
    def sort_key(self) -> tuple[datetime, int, int]:
        return self.at, self.rank, self.id

    @property
    def key(self) -> str:
        """Cursor of this item: give it to `timeline(before=...)` for what happened earlier."""
        return f"{self.at.isoformat()}_{self.rank}_{self.id}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """Items newest first; `more` is the key for the next page, "" at the end."""

    items: list[TimelineItem]
    more: str = ""
    kinds: frozenset[str] = frozenset()
    others_hidden: bool = False


def parse_key(text: str | None) -> tuple[datetime, int, int] | None:
    """A cursor's parts, None for anything that is no cursor."""
    try:
        at, rank, pk = (text or "").rsplit("_", 2)
        moment = datetime.fromisoformat(at)
        return (moment, int(rank), int(pk)) if moment.tzinfo else None
    except ValueError:
        return None
