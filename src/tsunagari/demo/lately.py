"""What was written in the last days besides ordinary talks: a group, an accompaniment, a round, papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from tsunagari.base import clock, paper, uploads
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.demo.ground import Ground
from tsunagari.demo.life import children_on, guardians
from tsunagari.demo.plan import FamilyPlan
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.operations import attachments, groups, records, sheets
from tsunagari.encounters.rules import RecordInput

AT = "aoba"
TOPIC = "夜泣きのこと（お昼の輪）"
TALKED = (
    "お昼のあと、輪になって話す。夜中に起きる時刻や、寝かしつけのやり方を出しあった。\n"
    "「うちだけではないと分かった」という声が多い。次の回も同じ時間に集まることになった。"
)


class Lately:
    """Writes on the working days before `until`."""

    def __init__(self, ground: Ground, until: datetime, families: Sequence[FamilyPlan]) -> None:
        self.ground, self.until, self.families = ground, until, families
        self.staff = ground.actors["counselor", AT]

    def write(self) -> list[tuple[Consultation, Actor]]:
        """All of it; the records that go round, with who wrote them."""
        self._talk(self._day(1))
        written = [self._accompanied(self._day(2)), self._round(self._day(3)), self._call()]
        with_papers = self._drawn(self._day(4))
        self._sheets(self._day(2))
        return [*written, with_papers]

    def _day(self, before: int) -> date:
        """So many working days ago."""
        day = self.until.date()
        while before:
            day -= timedelta(days=1)
            before -= day.weekday() < 5
        return day

    # talks -------------------------------------------------------------------------------------------------------
    def _talk(self, day: date) -> None:
        said = ("2時と4時に起きるとのこと。", "寝る前の明かりを落としたら長く眠れた。", "")
        entries = [
            groups.TalkEntry(self.ground.households[family.number].pk, text, people, people[:1])
            for family, text in zip(self.families, said, strict=False)
            for people in (self._people(family, day),)
        ]
        talk = groups.TalkInput(TOPIC, clock.at(day, 12, 40), (4, 9), TALKED, unnamed=2)
        with clock.stopped_at(clock.at(day, 13, 30)):
            groups.write_group(talk, entries, actor=self.staff[0], key=self.ground.key("talk"))

    def _people(self, family: FamilyPlan, day: date) -> tuple[int, ...]:
        found = (guardians(family)[0], *children_on(family, day)[:1])
        return tuple(self.ground.people[person.resident_no] for person in found)

    def _write(self, actor: Actor, at: datetime, given: RecordInput, key: str) -> tuple[Consultation, Actor]:
        with clock.stopped_at(at + timedelta(minutes=50)):
            return records.write_record(given, actor=actor, key=self.ground.key(key)), actor

    def _accompanied(self, day: date) -> tuple[Consultation, Actor]:
        family, at = self.families[0], clock.at(day, 14)
        people = self._people(family, day)
        window = self.ground.partners["くらしの相談の窓口"]
        given = RecordInput(
            occurred_at=at, household_id=self.ground.households[family.number].pk, person_ids=people,
            consulting_ids=people[:1], kind="accompany", channel="outing", place="市役所 くらしの相談の窓口",
            categories=(6,), concern=2, linked=(window,), responses=("listened", "connected"), consent="given",
            content="窓口に一緒に行く。話の間、お子さんはとなりで絵本を見て過ごした。書類は2枚、家で書くことになった。",
            response_note="帰り道に、分からないところに印をつけた。", next_step="書類を一緒に見る",
            next_on=self.until.date() + timedelta(days=3), mark_id=self.ground.marks["別紙"],
        )  # fmt: skip
        return self._write(self.staff[0], at, given, "accompanied")

    def _round(self, day: date) -> tuple[Consultation, Actor]:
        at = clock.at(day, 10, 30)
        given = RecordInput(
            occurred_at=at, who_hint="わかば保育園の相談員", kind="round", channel="outing",
            place="わかば保育園 子育て相談室", categories=(5,), responses=("advised",),
            content="月に1回の巡回。最近の相談3件を一緒に読む。ことばの様子の見方を、絵カードを使って話した。",
            response_note="次の来所のとき、遊びの様子を書きとめておいてもらう。",
        )  # fmt: skip
        return self._write(self.ground.nurse, at, given, "round")

    def _call(self) -> tuple[Consultation, Actor]:
        """Today, when the day is old enough."""
        at = self.until - timedelta(hours=1, minutes=30)
        at = (
            clock.at(self.until.date(), min(at.hour, 15), 10)
            if at.hour > 9
            else clock.at(self._day(1), 15, 10)
        )
        given = RecordInput(
            occurred_at=at, who_hint="2歳くらいの子のお母さん（電話、はじめて）", channel="phone", categories=(9, 4),
            concern=2, responses=("listened",), mark_id=self.ground.marks["別紙"],
            content="名前は言わずに20分ほど話す。下の子が生まれてから、上の子に大きな声を出してしまうとのこと。手は出ていない。",
            assessment="疲れが強い。またかけてもらえるよう、同じ職員が出る時間を伝えた。",
        )  # fmt: skip
        return self._write(self.staff[-1], at, given, "call")

    # papers ------------------------------------------------------------------------------------------------------
    def _drawn(self, day: date) -> tuple[Consultation, Actor]:
        """A talk with what the child drew and the slip it was first written on."""
        family, at = self.families[1], clock.at(day, 11)
        people = self._people(family, day)
        given = RecordInput(
            occurred_at=at, household_id=self.ground.households[family.number].pk, person_ids=people,
            consulting_ids=people[:1], categories=(4,), concern=1, responses=("listened",),
            content="お絵かきをしながら話す。「おうち」と言ってかいた絵を見せてくれた。夜の寝つきが早くなったとのこと。",
        )  # fmt: skip
        record, actor = self._write(self.staff[0], at, given, "drawn")
        with clock.stopped_at(at + timedelta(minutes=55)):
            attachments.add(record, uploads.checked(_picture(), "おうちの絵.png"), actor=actor)
            slip = uploads.checked(_slip(day, given.content, actor.name), "手書きの記録票.pdf")
            attachments.add(record, slip, actor=actor)
        return record, actor

    def _sheets(self, day: date) -> None:
        """Blank sheets, one of them half typed in."""
        with clock.stopped_at(clock.at(day, 9, 10)):
            first, *_ = sheets.print_sheets(3, actor=self.staff[0], form="day")
        line = RecordInput(
            occurred_at=clock.at(day, 10, 20), who_hint="はじめての親子", categories=(2,), responses=("informed",),
            content="一時預かりの申し込み方。紙に書いたものを入力。",
        )  # fmt: skip
        with clock.stopped_at(clock.at(day, 16, 30)):
            sheets.typed_in(
                first,
                line,
                actor=self.staff[-1],
                key=self.ground.key("typed"),
                writer_id=self.staff[0].user_id,
            )


def _picture() -> bytes:
    """A house under the sun, as a child draws it."""
    picture = Image.new("RGB", (640, 480), "#fdfbf2")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((500, 40, 590, 130), outline="#e8772e", width=8)
    pen.polygon(((160, 230), (320, 110), (480, 230)), outline="#c0392b", width=8)
    pen.rectangle((190, 230, 450, 410), outline="#2c6fbb", width=8)
    pen.rectangle((290, 310, 350, 410), outline="#8e5a2b", width=8)
    for place in range(6):
        pen.arc((40 + place * 95, 400, 120 + place * 95, 460), 180, 360, fill="#3a9d5d", width=7)
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _slip(day: date, text: str, writer: str) -> bytes:
    """The talk as it stood on paper."""
    entry = {
        "time": "11:00", "mark": "", "who": "（お名前は記録に）", "ages": "", "how": "来所", "category": "育て方",
        "text": text, "responses": "話をきいた", "next": "", "writer": writer,
    }  # fmt: skip
    page = {
        "day": format_wareki(day), "chart": False, "qr": None, "number": "", "entries": [entry], "blanks": 0,
    }  # fmt: skip
    data = {
        "issuer": "子育て支援センター あおばひろば（架空）", "issued_on": format_wareki(day), "confidential": True,
        "pages": [page],
    }  # fmt: skip
    return paper.render("encounters/paper/day_records.typ", data)
