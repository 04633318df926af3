"""The files cities really publish: what each gives, twice, and which are refused and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import makers
from tests.interop.importing import run_import
from tsunagari.base.sheets import SheetError

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="skipped: no shared data"),
]
TOWNS = {"takamatsu": ("372013", "高松市"), "cp932": ("292010", "奈良市"), "sapporo": ("011002", "札幌市")}

# file, kind, (added, rejected)
FITTING = [
    ("takamatsu/regional_child_rearing_support_base.xlsx", "agencies", (15, 0)),
    ("takamatsu/nursery_school.xlsx", "agencies", (118, 0)),
    ("takamatsu/kindergarten.xlsx", "agencies", (67, 0)),
    ("takamatsu/childrens_hall.xlsx", "agencies", (8, 0)),
    ("takamatsu/infant_childcare_facility.xlsx", "agencies", (7, 0)),
    ("takamatsu/other_child_care_support_facility.xlsx", "agencies", (2, 0)),
    ("takamatsu/midwifery_center.xlsx", "agencies", (15, 0)),
    ("takamatsu/health_center.xlsx", "agencies", (9, 0)),
    ("takamatsu/community_center.xlsx", "agencies", (52, 0)),
    ("takamatsu/contact_center.xlsx", "agencies", (2, 0)),
    ("takamatsu/middle_school.xlsx", "agencies", (28, 0)),
    ("cp932/nara_hoikusyotouitiran.csv", "agencies", (149, 0)),
    ("sapporo/nurseryFacilities.geojson", "agencies", (528, 0)),
    ("sapporo/MiddleSchool.geojson", "areas", (97, 0)),
]
NOT_FITTING = [
    *(
        f"takamatsu/{name}.xlsx"
        for name in ("0066_202602", "0066_202304", "0068", "0083_202604", "0091_2025", "0092_2025")
    ),
    *(f"takamatsu/{name}.xlsx" for name in ("events", "events_2023-12-12", "events_2024-04-10")),
    "takamatsu/event_standard_output.csv",
    "takamatsu/school_area_by_address.pdf",
    "sapporo/jounen202010_ward.csv",
    "sapporo/ichi_sapporo.csv",
    "national/localgovjp-utf8.csv",
]


@pytest.mark.parametrize(("file", "kind", "figures"), FITTING)
def test_a_fitting_file_is_taken_whole_and_a_second_time_changes_nothing(
    file: str, kind: str, figures: tuple[int, int]
) -> None:
    path = DATA / file
    town = makers.make_town(*TOWNS[path.parent.name])
    first = run_import(town, kind, path.read_bytes(), path.name)
    assert (first.added, len(first.rejected)) == figures, [r.as_dict() for r in first.rejected][:5]
    again = run_import(town, kind, path.read_bytes(), path.name)
    assert (again.added, again.changed, len(again.rejected)) == (0, 0, figures[1])
    assert again.unchanged == figures[0]
    print(
        f"\n{file}: {first.added}/{first.changed}/{first.unchanged}/{len(first.rejected)}",
        *first.notes,
        sep="\n  ",
    )


@pytest.mark.parametrize("file", NOT_FITTING)
@pytest.mark.parametrize("kind", ["agencies", "residents", "areas"])
def test_a_file_of_something_else_is_refused_with_words(file: str, kind: str) -> None:
    town = makers.make_town("372013", "高松市")
    with pytest.raises(SheetError, match=r"。$"):
        run_import(town, kind, (DATA / file).read_bytes(), Path(file).name)


def test_a_file_whose_kanji_the_publisher_destroyed_is_called_so() -> None:
    town = makers.make_town("372013", "高松市")
    with pytest.raises(SheetError, match="文字が壊れているセルが705か所"):
        run_import(town, "agencies", (DATA / "takamatsu/0066_202304.xlsx").read_bytes(), "0066_202304.xlsx")
