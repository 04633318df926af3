"""D4: one line over agencies, within what may be seen."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests import makers
from tests.encounters.cast import NOON, children, kimura, visit, write
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.encounters import queries
from tsunagari.encounters.operations import visits
from tsunagari.families.models import Household, Registration
from tsunagari.families.operations import joins, registrations
from tsunagari.families.operations.households import create_nickname_family
from tsunagari.places.models import AgencyPeriod, Municipality
from tsunagari.places.operations import sites
from tsunagari.places.rules import SiteInput


def kinds(timeline: queries.Timeline) -> list[str]:
    return [item.kind for item in timeline.items]


def lived(town: Town) -> Household:
    """木村さん with a visit and a record at あおば and a visit and a record at みどり."""
    family = kimura(town.counselor)
    write(town.counselor, family)
    visit(town.counselor, family, at=NOON - timedelta(days=1))
    write(town.stranger, family, content="みどりでの言葉", occurred_at=NOON - timedelta(days=2))
    visit(town.stranger, family, at=NOON - timedelta(days=3))
    return family


def test_everything_stands_newest_first(in_town: Town) -> None:
    family = lived(in_town)
    found = queries.timeline(in_town.counselor, family)
    assert kinds(found)[:4] == ["record", "visit", "record", "visit"]
    assert [item.title for item in found.items if item.kind == "family"] == ["凛 誕生", "颯太 誕生"]
    assert [item.at for item in found.items] == sorted((item.at for item in found.items), reverse=True)


def test_within_a_day_what_shows_no_time_stands_below(in_town: Town) -> None:
    """Another agency's visit shows its day alone: above a timed line it would seem to be the later one."""
    family = kimura(in_town.counselor)
    for hours in (3, 1):
        visit(in_town.counselor, family, at=NOON - timedelta(hours=hours))
    visit(in_town.stranger, family, at=NOON)
    visit(in_town.stranger, family, at=NOON - timedelta(days=1))
    found = queries.timeline(in_town.counselor, family, kinds=["visit"]).items
    assert [item.time_text for item in found] == ["11:00", "09:00", "", ""]


def test_a_page_that_ends_within_a_day_loses_nothing(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    for hours, actor in enumerate([in_town.stranger, in_town.counselor] * 2):
        visit(actor, family, at=NOON - timedelta(hours=hours))
    seen, before = [], None
    for _ in range(4):
        page = queries.timeline(in_town.counselor, family, kinds=["visit"], before=before, limit=1)
        seen, before = [*seen, *page.items], page.more
    assert (len({item.id for item in seen}), before) == (4, "")


def test_another_agencys_lines_have_no_words(in_town: Town) -> None:
    found = queries.timeline(in_town.counselor, lived(in_town))
    others = [item for item in found.items if item.agency == "みどり児童館"]
    assert [item.kind for item in others] == ["record", "visit"]
    for item in others:
        words = (item.readable, item.has_time, item.text, item.people, item.who, item.chips, item.first)
        assert not any(words)
    assert "みどりでの言葉" not in repr(found)


@pytest.mark.parametrize(("scope", "seen"), [("all", True), ("home_and_used", True), ("own", False)])
def test_the_towns_switch_decides_about_other_agencies(town: Town, scope: str, seen: bool) -> None:
    with makers.scope(town):
        Municipality.objects.filter(pk=town.municipality.pk).update(history_scope=scope)
        found = queries.timeline(town.counselor, lived(town))
        assert any(item.agency_id == town.midori.pk for item in found.items) is seen
        assert found.others_hidden is not seen


def test_the_centre_reads_words_with_consent_only(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    write(in_town.counselor, family, content="同意のある言葉", consent="given")
    write(in_town.counselor, family, content="同意のない言葉")
    seen = repr(queries.timeline(in_town.nurse, family))
    assert "同意のある言葉" in seen
    assert "同意のない言葉" not in seen
    assert "言葉" not in repr(queries.timeline(in_town.officer, family))


def test_a_protected_family_hides_the_names_of_other_agencies(in_town: Town) -> None:
    family = lived(in_town)
    family.protected = True
    found = queries.timeline(in_town.counselor, family)
    assert {item.agency for item in found.items if item.agency} == {"あおば子育て支援センター", "●●●"}


def test_an_agency_is_called_as_on_the_day(in_town: Town) -> None:
    family = lived(in_town)
    AgencyPeriod.objects.filter(agency=in_town.aoba).update(valid_to=NOON.date() - timedelta(days=1))
    AgencyPeriod.objects.create(
        municipality=in_town.municipality,
        agency=in_town.aoba,
        valid_from=NOON.date(),
        name="あたらしいあおば",
    )
    names = [
        item.agency
        for item in queries.timeline(in_town.counselor, family).items
        if item.agency_id == in_town.aoba.pk
    ]
    assert names == ["あたらしいあおば", "あおば子育て支援センター"]


def test_registrations_and_joins_are_on_the_line(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    registrations.register(
        family, in_town.aoba, actor=in_town.counselor, is_home=True, source=Registration.Source.COUNTER
    )
    nickname = create_nickname_family(actor=in_town.counselor, nickname="すみれさん")
    joins.join(nickname, family, actor=in_town.counselor, same={})
    titles = [item.title for item in queries.timeline(in_town.counselor, family).items]
    assert "「すみれさん」の家庭をまとめた" in titles
    assert "かかりつけの登録" in titles


def test_undone_visits_are_not_on_the_line(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    visits.undo_visit(visit(in_town.counselor, family), actor=in_town.counselor)
    assert "visit" not in kinds(queries.timeline(in_town.counselor, family))


def test_pages_by_key_show_everything_once(in_town: Town) -> None:
    family = lived(in_town)
    for days in range(4, 14):
        visit(in_town.counselor, family, at=NOON - timedelta(days=days))
    write(in_town.counselor, family)
    whole = [item.key for item in queries.timeline(in_town.counselor, family, limit=100).items]
    paged: list[str] = []
    before: str | None = None
    while before != "":
        page = queries.timeline(in_town.counselor, family, before=before, limit=3)
        paged += [item.key for item in page.items]
        before = page.more
    assert paged == whole
    assert len(set(whole)) == len(whole) > 15


@pytest.mark.parametrize("key", ["", "x", "2026-01-01_1_1", "_ _ _", "2026-01-01T00:00:00+09:00_a_b"])
def test_a_key_that_is_none_starts_at_the_top(in_town: Town, key: str) -> None:
    family = kimura(in_town.counselor)
    assert queries.timeline(in_town.counselor, family, before=key) == queries.timeline(
        in_town.counselor, family
    )


def test_kinds_narrow_the_line(in_town: Town) -> None:
    family = lived(in_town)
    assert set(kinds(queries.timeline(in_town.counselor, family, kinds=["visit"]))) == {"visit"}
    assert set(kinds(queries.timeline(in_town.counselor, family, kinds=["family"]))) == {"family"}


def test_seven_queries_however_long(in_town: Town, django_assert_num_queries: object) -> None:
    family = lived(in_town)
    for count in (2, 20):
        for number in range(count):
            visit(in_town.counselor, family, at=NOON - timedelta(days=count * 10 + number), key=uuid4())
            write(in_town.counselor, family, occurred_at=NOON - timedelta(days=count * 10 + number))
        with django_assert_num_queries(7):  # type: ignore[operator]
            queries.timeline(in_town.counselor, family, limit=50)


def test_a_pregnancy_that_ended_and_a_death_say_nothing(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    family.people.filter(pk=children(family)[0]).update(life="deceased", ended_on=date(2026, 1, 1))
    family.people.filter(pk=children(family)[1]).update(life="ended", birth_date=None)
    assert kinds(queries.timeline(in_town.counselor, family)) == []


def test_times_are_japanese(in_town: Town) -> None:
    item = queries.timeline(in_town.counselor, lived(in_town)).items[0]
    assert (item.at.tzinfo, item.at.hour, item.year) == (clock.TOKYO, 12, "令和8年")


def test_a_visit_to_a_mobile_site_says_so_to_its_own_agency_alone(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    site = sites.add_site(in_town.aoba, SiteInput("東公民館"), actor=in_town.manager)
    visit(in_town.counselor, family, site=site)
    visit(in_town.stranger, family)
    [own, other] = queries.timeline(in_town.counselor, family, kinds=["visit"]).items
    assert own.foot.startswith("あおば子育て支援センター（東公民館）")
    assert other.site == ""
    assert "東公民館" not in repr(queries.timeline(in_town.stranger, family))
