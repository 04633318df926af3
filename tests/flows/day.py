"""A town set up by its settings, and a day of its people, all of it over HTTP: for records_as_in_<municipality>.py."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from tests import makers
from tests.makers import Town
from tsunagari.base import clock, tenancy
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Partner, RecordMark
from tsunagari.places.models import Agency

DAY = date(2026, 11, 12)  # a Thursday
AFTER = date(2026, 12, 3)  # when the month is reported
ORDINARY = {"channel": "visit", "categories": ["4"], "consent": "not_asked", "responses": ["listened"]}


@contextmanager
def evening_of(day: date = DAY) -> Iterator[None]:
    """Half past five of the day: everybody is at their desks and looks at what was written."""
    with clock.stopped_at(clock.at(day, 17, 30)):
        yield


class Seat:
    """Somebody at a screen. Addresses that come back are where the next step is."""

    def __init__(self, actor: Actor) -> None:
        self.actor, self.client = actor, makers.client_of(actor)

    def see(self, url: str) -> str:
        """The words of a page, without tags; of a PDF its text without spaces."""
        answer = self.client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        return words_of(answer)

    def sees_not(self, url: str) -> bool:
        """Whether the address is closed to this person."""
        return self.client.get(url).status_code in (403, 404)

    def send(self, url: str, **typed: Any) -> str:
        """Send a form that is taken; what was wrong with it otherwise."""
        answer = self.client.post(url, typed)
        assert answer.status_code == 303, (url, answer.status_code, words_of(answer)[-1500:])
        return str(answer["Location"])

    def family(self, name: str, kana: str, child: str = "そら", **typed: Any) -> int:
        """登録票: a mother and a child, with a registration when `agency` is given; the family's number."""
        sent = {
            "key": uuid4(), "family_name": name, "given_name": "綾", "family_kana": kana, "given_kana": "あや",
            "relation": "母", "child0-given_name": child, "child0-given_kana": "そら", "child0-sex": "1",
            "child0-birth_date": "R6.8.9", "source": "counter", "is_home": "on",
        }  # fmt: skip
        return number_in(self.send("/families/new/", **(sent | typed)))

    def writes(self, family: int | None, content: str, at: str, **typed: Any) -> str:
        """記録する: about everybody of the family, or of nobody known; the record's address."""
        draft = self.send("/records/new/", household=family or "")
        chips = self.client.get(draft).context["form"].chips
        today = {"occurred_on": clock.today().isoformat(), "occurred_time": at}
        people = {"people": [str(member.id) for member, _ in chips]}
        return self.send(draft, **(ORDINARY | today | people | {"content": content} | typed))

    def follows(self, family: int, why: str, *records: str, **typed: Any) -> str:
        """個別記録をはじめる, with what was written so far; the chart's address."""
        sent = {"person": "0", "why": why, "concern": "2", "owner": str(self.actor.user_id)}
        within = {"records": [number_in(one) for one in records]}
        return self.send(f"/families/{family}/charts/new/", **(sent | within | typed))

    def refused(self, family: int, content: str, at: str, **typed: Any) -> str:
        """The page that says what is still missing in a record."""
        with pytest.raises(AssertionError) as said:
            self.writes(family, content, at, **typed)
        return str(said.value)

    def posted(self, url: str, **typed: Any) -> str:
        """The words of the page or paper that answers a form."""
        answer = self.client.post(url, typed)
        assert answer.status_code == 200, (url, answer.status_code)
        return words_of(answer)

    def links(self, url: str, part: str) -> list[str]:
        """Addresses on a page with these words in them, each once."""
        page = self.client.get(url).content.decode()
        found = re.findall(r'(?:href|action|hx-post)="([^"?#]+)', page)
        return list(dict.fromkeys(one for one in found if part in one))

    def prints(self, form: str) -> str:
        """A blank sheet of paper; where the QR on it leads."""
        printed = self.posted("/sheets/", form=form, count="1")
        number = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+", printed)
        assert number, printed
        return self.send("/sheets/", code=number[0])

    def types_in(self, sheet: str, family: int, content: str, at: str, **typed: Any) -> str:
        """A line of a sheet, of a family that came that day; the record's address."""
        key = self.client.get(sheet).context["draft"].key
        line = {"occurred_on": clock.today().isoformat(), "occurred_time": at, "household": str(family)}
        self.send(sheet, **(ORDINARY | line | {"content": content, "key": str(key)} | typed))
        lines = self.client.get("/records/?view=day").context["sheet"].lines
        return next(f"/records/{one.id}/" for one in lines if one.text == content)

    def says(self, record: str, text: str, **typed: str) -> None:
        """コメント; 助言 with `advice`."""
        self.send(f"/records/{number_in(record)}/comments/", text=text, key=uuid4(), **typed)

    def asks_to_read(self, record: str, reader: Seat) -> None:
        """回覧する, by hand."""
        self.send(f"/records/{number_in(record)}/circulate/", people=[str(reader.actor.user_id)], kind="read")

    def waiting(self) -> list[str]:
        """Addresses of the records that have gone round to this person and wait, the most urgent first."""
        return [one for one in self.links("/circulation/", "/records/") if one != "/records/"]

    def seals(self, record: str) -> None:
        """既読 or 確認, with the record open."""
        version = self.client.get(record).context["record"].version
        self.send(f"/records/{number_in(record)}/seal/", version=str(version))

    def reports(self, kind: str, day: date = DAY, note: str = "") -> str:
        """Open the report of the day or its month, look at it, and submit it; its address."""
        report = self.send("/reports/new/", kind=kind, day=day.isoformat())
        version = self.client.get(report).context["report"].version
        self.send(f"{report}note/", note=note, version=version, submit="1")
        return report

    def figure(self, report: str, cell: str) -> int:
        """A number of a report, by the name of its cell."""
        shown = self.client.get(report).context["sections"]
        cells = {one.name: one.value for section in shown for row in section.rows for one in row.cells}
        assert cell in cells, sorted(cells)
        return int(cells[cell])


class Officer(Seat):
    """Who sets the town up: nothing but its settings differs from one municipality to the next."""

    def keeps(self, agency: Agency, style: str, **ticked: str) -> None:
        """記録のしかた of an agency; `circulate_all` and `mark_required` may be ticked."""
        self.send(f"/keeping/agencies/{agency.pk}/", style=style, version="0", **ticked)

    def marks(self, symbol: str, name: str, *readers: str, **typed: str) -> str:
        """A mark with who must read it; its number, as the record's form sends it."""
        sent = {"symbol": symbol, "name": name, "readers": list(readers), "sight": "usual", "position": "1"}
        self.send("/keeping/marks/new/", **(sent | typed))
        with tenancy.municipality(self.actor.municipality_id):
            return str(RecordMark.objects.get(symbol=symbol).pk)

    def asks(self, agency: Agency | None = None, **typed: str) -> None:
        """報告のきまり: everything regularly unless `item_1` … say otherwise."""
        regular = {f"item_{code}": "regular" for code in range(1, 7)}
        address = f"/reports/rules/{agency.pk}/" if agency else "/reports/rules/all/"
        since = clock.today().replace(day=1).isoformat()
        self.send(address, **(regular | {"since": since, "due_day": "5", "version": "0"} | typed))

    def sends_round(self, *readers: str, **typed: str) -> None:
        """回覧のきまり: records of this category, mark or concern go to these roles."""
        self.send("/circulation/rules/", **({"readers": list(readers), "kind": "read"} | typed))

    def registers(self, **typed: str) -> None:
        """登録のきまり: what differs from the usual."""
        form = self.client.get("/policy/edit/").context["form"]
        usual = {name: form[name].value() for name in form.fields}
        self.send("/policy/edit/", **{name: value or "" for name, value in (usual | typed).items()})

    def turns_to(self, kind: int, name: str) -> str:
        """A 連携先; its number."""
        self.send("/partners/new/", kind=str(kind), name=name, phone="0400-00-0000", version="0")
        with tenancy.municipality(self.actor.municipality_id):
            return str(Partner.objects.get(name=name).pk)


def words_of(answer: Any) -> str:
    """What a person reads in an answer."""
    if answer["Content-Type"] == "application/pdf":
        pages = PdfReader(io.BytesIO(answer.content)).pages
        return "".join("".join(page.extract_text().split()) for page in pages)
    text = re.sub(r"<rt>.*?</rt>|<(style|script)\b.*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def number_in(address: str) -> int:
    """The last number of an address."""
    return int(re.findall(r"\d+", address)[-1])


def in_order(page: str, *words: str) -> bool:
    """Whether all the words stand on the page, one after the other."""
    places = [page.find(word) for word in words]
    return -1 not in places and places == sorted(places)


def seats(town: Town) -> dict[str, Seat]:
    """Somebody of each post of the town, at their screens."""
    posts = ("counselor", "colleague", "stranger", "manager", "rounds", "nurse", "lead")
    return {post: Seat(getattr(town, post)) for post in posts} | {"officer": Officer(town.officer)}
