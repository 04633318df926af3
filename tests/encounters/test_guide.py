"""E12: the guide at hand. One draft, one book in force; what was published never changes."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.encounters.cast import trail
from tests.makers import Town
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.encounters.models import GuideBook, GuideEntry
from tsunagari.encounters.operations import guide, partners
from tsunagari.encounters.queries import guide as queries
from tsunagari.encounters.rules import CATEGORY
from tsunagari.encounters.rules.guide import EntryInput, age_words, changes, entry_problems
from tsunagari.encounters.rules.partners import PartnerInput, dialled

WORDS = EntryInput(5, "ことばがおそい", "保健師につなぐ", "相談してみましょう", concern_from=1)
CENTRE = PartnerInput(1, "架空の母子の窓口", "0800-000-0000", "平日")


def publish(town: Town, note: str = "直した") -> GuideBook:
    draft = queries.draft(town.officer)
    assert draft is not None
    seen = queries.stamp(queries.entries(draft))
    return guide.publish(draft, actor=town.officer, note=note, seen=seen)


def add(town: Town, entry: EntryInput = WORDS) -> GuideEntry:
    return guide.add_entry(guide.begin(actor=town.officer), entry, actor=town.officer, key=uuid4())


def words_of(book: GuideBook) -> list[dict[str, object]]:
    return list(GuideEntry.objects.filter(book=book).order_by("pk").values())


def test_the_set_that_ships_covers_every_category_and_its_partners(in_town: Town) -> None:
    guide.fill_with_default(actor=in_town.lead)
    book = publish(in_town)
    found = queries.entries(book)
    assert {one.category for one in found} == set(CATEGORY)
    assert all(one.partner is not None for one in found)
    kinds = {kind.code for kind in queries.by_kind(queries.listed_partners(in_town.lead))[0]}
    assert kinds >= set(range(1, 10))  # every department of 質問7(3)
    assert next(one.urgent for one in queries.at_hand(in_town.counselor, [4], 0, []))
    with pytest.raises(Conflict, match="空のときだけ"):
        guide.fill_with_default(actor=in_town.lead)


def test_every_shipped_entry_could_have_been_typed(in_town: Town) -> None:
    draft = guide.fill_with_default(actor=in_town.lead)
    for row in GuideEntry.objects.filter(book=draft):
        names = EntryInput.__dataclass_fields__
        assert not list(entry_problems(EntryInput(**{name: getattr(row, name) for name in names})))


def test_a_draft_is_a_copy_and_there_is_one(in_town: Town) -> None:
    entry = add(in_town)
    first = publish(in_town)
    draft = guide.begin(actor=in_town.lead)
    assert guide.begin(actor=in_town.officer) == draft
    copied = GuideEntry.objects.get(book=draft)
    assert (copied.key, copied.title) == (entry.key, entry.title)
    assert copied.pk != entry.pk
    assert queries.in_force(in_town.counselor) == first
    guide.discard(draft, actor=in_town.officer)
    assert queries.draft(in_town.officer) is None
    assert queries.in_force(in_town.counselor) == first


def test_pressing_twice_adds_once(in_town: Town) -> None:
    draft, key = guide.begin(actor=in_town.officer), uuid4()
    once = guide.add_entry(draft, WORDS, actor=in_town.officer, key=key)
    assert guide.add_entry(draft, WORDS, actor=in_town.officer, key=key) == once
    assert GuideEntry.objects.count() == 1


def test_who_wrote_meanwhile_is_not_overwritten(in_town: Town) -> None:
    entry = add(in_town)
    guide.change_entry(entry, replace(WORDS, title="発語"), actor=in_town.lead, version=entry.version)
    with pytest.raises(Conflict):
        guide.change_entry(entry, WORDS, actor=in_town.officer, version=entry.version)
    with pytest.raises(Conflict):
        guide.remove_entry(entry, actor=in_town.officer, version=entry.version)
    assert GuideEntry.objects.get().title == "発語"


def test_what_was_looked_at_is_what_is_published(in_town: Town) -> None:
    add(in_town)
    draft = guide.begin(actor=in_town.officer)
    seen = queries.stamp(queries.entries(draft))
    add(in_town, replace(WORDS, title="もう1つ"))
    with pytest.raises(Conflict, match="たしかめたあとで"):
        guide.publish(draft, actor=in_town.officer, note="x", seen=seen)
    with pytest.raises(DomainError, match="かわったところ"):
        guide.publish(draft, actor=in_town.officer, note=" ", seen=queries.stamp(queries.entries(draft)))
    assert queries.in_force(in_town.officer) is None


def test_the_same_again_is_not_published(in_town: Town) -> None:
    add(in_town)
    publish(in_town)
    guide.begin(actor=in_town.officer)
    with pytest.raises(DomainError, match="同じです"):
        publish(in_town)


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "change", "move", "remove", "publish", "partner"]), st.integers(0, 9)),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_published_book_never_changes(in_town: Town, steps: list[tuple[str, int]]) -> None:
    """Whatever is done afterwards: its entries are the same rows, and one book at most is in force."""
    GuideBook.objects.all().delete()
    kept: dict[int, list[dict[str, object]]] = {}
    whom = partners.add_partner(replace(CENTRE, name=f"窓口{uuid4()}"), actor=in_town.officer)
    for what, number in steps:
        draft = guide.begin(actor=in_town.officer)
        rows = list(GuideEntry.objects.filter(book=draft).order_by("pk"))
        step(in_town, what, number, rows, whom.pk)
        if what == "publish" and rows and queries.changed_by(draft):
            book = publish(in_town)
            kept[book.pk] = words_of(book)
        for pk, words in kept.items():
            assert words_of(GuideBook.objects.get(pk=pk)) == words
        assert GuideBook.objects.filter(published_at__isnull=False, replaced_at__isnull=True).count() <= 1


def step(town: Town, what: str, number: int, rows: list[GuideEntry], partner_id: int) -> None:
    """One thing somebody does to the draft or the register."""
    given = EntryInput(number % 2 + 4, f"見出し{number}", "する", partner_id=partner_id, urgent=number > 7)
    if what == "add":
        add(town, given)
    elif what == "partner":
        whom = queries.by_kind(queries.listed_partners(town.officer))[0][0].partners[0]
        other = PartnerInput(whom.kind, f"名{uuid4()}", f"0800-{number:03}-0000")
        partners.change_partner(whom, other, actor=town.officer, version=whom.version)
    elif rows:
        one = rows[number % len(rows)]
        if what == "change":
            guide.change_entry(one, given, actor=town.officer, version=one.version)
        elif what == "move":
            guide.move_entry(one, actor=town.officer, up=number % 2 == 0)
        elif what == "remove":
            guide.remove_entry(one, actor=town.officer, version=one.version)


def test_a_published_book_takes_no_word_more(in_town: Town) -> None:
    entry = add(in_town)
    book = publish(in_town)
    for refused in (
        lambda: guide.change_entry(entry, WORDS, actor=in_town.officer, version=1),
        lambda: guide.remove_entry(entry, actor=in_town.officer, version=1),
        lambda: guide.move_entry(entry, actor=in_town.officer, up=True),
        lambda: guide.add_entry(book, WORDS, actor=in_town.officer, key=uuid4()),
        lambda: guide.discard(book, actor=in_town.officer),
        lambda: guide.publish(book, actor=in_town.officer, note="x", seen=""),
    ):
        with pytest.raises(Conflict, match="もう使われています"):
            refused()


def test_a_telephone_is_the_registers_in_force_and_the_days_in_former_books(in_town: Town) -> None:
    whom = partners.add_partner(CENTRE, actor=in_town.officer)
    add(in_town, replace(WORDS, partner_id=whom.pk))
    first = publish(in_town)
    partners.change_partner(whom, replace(CENTRE, phone="0800-111-1111"), actor=in_town.officer, version=1)
    assert [one.partner.tel for one in queries.entries(first) if one.partner] == ["08001111111"]
    add(in_town, replace(WORDS, title="もう1つ"))
    publish(in_town)
    partners.change_partner(
        whom, replace(CENTRE, name="移った窓口", phone="0800-222-2222"), actor=in_town.officer, version=2
    )
    first.refresh_from_db()
    former = queries.entries(first)[0].partner
    assert former is not None
    assert (former.name, former.phone) == (CENTRE.name, "0800-111-1111")


def test_what_changed_is_said(in_town: Town) -> None:
    one, two, three = (add(in_town, replace(WORDS, title=title)) for title in ("一", "二", "三"))
    publish(in_town)
    draft = guide.begin(actor=in_town.officer)
    rows = {row.key: row for row in GuideEntry.objects.filter(book=draft)}
    guide.remove_entry(rows[one.key], actor=in_town.officer, version=1)
    guide.change_entry(
        rows[two.key], replace(WORDS, title="二", say="別の言い方"), actor=in_town.officer, version=1
    )
    add(in_town, replace(WORDS, title="四"))
    found = queries.changed_by(draft)
    assert [[entry.title for entry in part] for part in (found.added, found.changed, found.removed)] == [
        ["四"],
        ["二"],
        ["一"],
    ]
    assert three.key not in {entry.key for entry in (*found.added, *found.changed, *found.moved)}


def made(number: int, **more: object) -> queries.Entry:
    blank = {"concern_from": 0, "age_from": None, "age_to": None, "urgent": False, "partner_id": None}
    words = {"title": "x", "how": "x", "say": "", "version": 1, "position": number, "id": number}
    return queries.Entry(**{"key": UUID(int=number), "category": 5, **blank, **words, **more})  # type: ignore[arg-type]


ENTRIES = st.lists(
    st.builds(
        lambda number, **more: made(number, **more),
        st.integers(1, 8),
        category=st.integers(1, 3),
        concern_from=st.integers(0, 3),
        age_from=st.none() | st.integers(0, 40),
        age_to=st.none() | st.integers(41, 90),
        urgent=st.booleans(),
    ),
    unique_by=lambda one: one.key,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ENTRIES, st.none() | st.integers(0, 3), st.lists(st.integers(0, 100), max_size=2))
def test_what_is_at_hand(
    in_town: Town, found: list[queries.Entry], concern: int | None, ages: list[int]
) -> None:
    """すぐに on top; nothing of another category, above the concern or outside the age; nothing else left out."""
    GuideBook.objects.all().delete()
    book = guide.begin(actor=in_town.officer)
    names = ("key", "category", "concern_from", "age_from", "age_to", "urgent", "title", "how", "position")
    given = [{name: getattr(one, name) for name in names} for one in found]
    GuideEntry.objects.bulk_create(
        GuideEntry(municipality=in_town.municipality, book=book, **one) for one in given
    )
    got = queries.read(book, queries.suiting(book, [2, 1], concern, ages))
    assert [one.urgent for one in got] == sorted((one.urgent for one in got), reverse=True)
    keys = [one.key for one in got]
    for one in found:
        level = concern is None or one.urgent or one.concern_from <= concern
        old = not ages or any((one.age_from or 0) <= age <= (one.age_to or 999) for age in ages)
        assert (one.key in keys) == (one.category in (1, 2) and level and old)
    calm = [one for one in got if not one.urgent]
    assert [2, 1].index(calm[0].category) <= [2, 1].index(calm[-1].category) if calm else True


@given(ENTRIES, ENTRIES)
def test_changes_tell_the_whole_difference(before: list[queries.Entry], after: list[queries.Entry]) -> None:
    found = changes(before, after)
    old, new = {one.key for one in before}, {one.key for one in after}
    assert {one.key for one in found.added} == new - old
    assert {one.key for one in found.removed} == old - new
    assert {one.key for one in (*found.changed, *found.moved)} <= old & new
    assert not changes(after, after)


@pytest.mark.parametrize(
    ("phone", "tel"),
    [
        ("0800-000-0000", "08000000000"),
        ("０８００−０００−００００（代表）", "08000000000"),
        ("#8000", "%238000"),
        ("189", "189"),
        ("代表 03-0000-0000 内線 12", "0300000000"),
        ("窓口へ", ""),
        ("", ""),
    ],
)
def test_what_a_telephone_dials(phone: str, tel: str) -> None:
    assert dialled(phone) == tel


def test_ages_in_words() -> None:
    assert (age_words(6, 35), age_words(None, 12), age_words(0, None), age_words(None, None)) == (
        "6か月から2歳11か月まで",
        "1歳まで",
        "0か月から",
        "",
    )


def test_every_change_is_on_the_trail(in_town: Town) -> None:
    add(in_town)
    publish(in_town)
    whom = partners.add_partner(CENTRE, actor=in_town.officer)
    partners.end_partner(whom, actor=in_town.officer, version=1)
    said = [line.detail for line in trail("guide.manage")]
    for word in ('"guide":"begun"', '"guide":"added"', '"guide":"published"', '"partner":"ended"'):
        assert any(word in detail for detail in said)
    assert not any("ことばがおそい" in detail or "架空の母子" in detail for detail in said)
