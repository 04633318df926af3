"""Which facility of a list is which agency, and what would change. A fixed number of queries."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date

from tsunagari.interop.imports.agencies.read import Facilities, Facility, address_key, name_key
from tsunagari.interop.imports.plan import Change, Notes, Plan, Rejected, Sample
from tsunagari.interop.imports.points import AreaFinder
from tsunagari.places import queries
from tsunagari.places.models import Agency, AgencyPeriod
from tsunagari.places.rules import PeriodInput, differences

#: Identifiers we made from name and address because the list had none; a list with IDs may replace them.
OWN_PREFIX = "N-"
_NUMBERED = ("kosodate-", "kokyo-")


@dataclass(slots=True)
class Known:
    """An agency of the town with the period an import would change."""

    agency: Agency
    period: AgencyPeriod | None
    name: str
    address: str


@dataclass(slots=True)
class Work:
    """What `apply` carries out."""

    added: list[tuple[str, Facility, PeriodInput]] = field(default_factory=list)
    changed: list[tuple[Known, str, PeriodInput]] = field(default_factory=list)


@dataclass(slots=True)
class _Index:
    by_identifier: dict[str, Known]
    by_place: dict[tuple[str, str], list[Known]]
    by_name: dict[str, list[Known]]
    town: str


def plan(found: Facilities, *, municipality_id: int, town: str, today: date) -> Plan:
    """Compare a list with the agencies of the town as they are on `today`."""
    index = _index(municipality_id, town, today)
    areas = AreaFinder(municipality_id, today)
    result, work, notes = Plan(rejected=list(found.rejected)), Work(), Notes()
    taken: dict[object, int] = {}
    for facility in found.rows:
        identifier = _identifier(facility, found.numbered, index.town)
        known = _match(facility, identifier, index)
        if not facility.identifier and (
            identifier in taken or (known is None and identifier in index.by_identifier)
        ):
            identifier = _own_identifier(facility, index.town)
            notes.add(
                "NO がほかの施設と同じか、前の取り込みとずれているため、名称と所在地で見分けます",
                facility.row,
            )
        if refused := _refusal(facility, identifier, known, taken, index.town, today):
            result.rejected.append(refused)
            continue
        taken[identifier] = facility.row
        if known is not None:
            taken[known.agency.pk] = facility.row
        _compare(facility, identifier, known, areas, result, work)
    result.rejected.sort(key=lambda refused: refused.row)
    result.notes = [*found.notes, *notes.lines()]
    result.work = work
    return result


def _index(municipality_id: int, town: str, today: date) -> _Index:
    index = _Index({}, defaultdict(list), defaultdict(list), town)
    for known in _known(municipality_id, town, today):
        index.by_identifier[known.agency.identifier] = known
        index.by_place[known.name, known.address].append(known)
        index.by_name[known.name].append(known)
    return index


def _known(municipality_id: int, town: str, today: date) -> Iterable[Known]:
    agencies = Agency.objects.filter(municipality_id=municipality_id).prefetch_related("periods__hours")
    for agency in agencies:
        periods = sorted(agency.periods.all(), key=lambda period: period.valid_from)
        begun = [period for period in periods if period.valid_from <= today]
        period = begun[-1] if begun else (periods[0] if periods else None)
        address = address_key(period.address, town) if period else ""
        yield Known(agency, period, name_key(period.name if period else agency.name), address)


def _identifier(facility: Facility, numbered: str, town: str) -> str:
    """The list's ID; its NO with the list's name; else a short digest of name and address."""
    if facility.identifier:
        return facility.identifier
    if numbered and facility.number:
        return f"{numbered}-{facility.number}"
    return _own_identifier(facility, town)


def _own_identifier(facility: Facility, town: str) -> str:
    key = f"{name_key(facility.name)}|{address_key(facility.address, town)}"
    return OWN_PREFIX + hashlib.sha256(key.encode()).hexdigest()[:12]


def _match(facility: Facility, identifier: str, index: _Index) -> Known | None:
    """By identifier; else by name and address; else by a name that is alone in the town and the list."""
    name, address = name_key(facility.name), address_key(facility.address, index.town)
    known = index.by_identifier.get(identifier)
    if known is not None and (
        facility.identifier or known.name == name or (address and known.address == address)
    ):
        return known
    places = index.by_place.get((name, address), [])
    if not address or not places:
        places = [one for one in index.by_name.get(name, []) if not one.address or not address]
    open_to = [one for one in places if not facility.identifier or not has_own_id(one.agency.identifier)]
    return open_to[0] if len(open_to) == 1 else None


def has_own_id(identifier: str) -> bool:
    """Whether a list with IDs gave the identifier (then another ID means another facility)."""
    return not identifier.startswith((OWN_PREFIX, *_NUMBERED)) and not (
        identifier[:1] == "S" and identifier[1:].isdigit()
    )


def _refusal(
    facility: Facility, identifier: str, known: Known | None, taken: dict[object, int], town: str, today: date
) -> Rejected | None:
    key = known.agency.pk if known is not None and known.agency.pk in taken else identifier
    if key in taken:
        column = "ID" if facility.identifier else "名称"
        reason = f"{taken[key]}行目と同じ施設です。どちらか一方にしてください。"
        return Rejected(facility.row, column, facility.identifier or facility.name, reason)
    if known is None:
        return None
    if facility.identifier and known.agency.identifier == identifier and _another(facility, known, town):
        reason = f"同じIDの「{known.agency.name}」と、名称も所在地も違います。IDを確かめるか、場所の画面で変えてください。"
        return Rejected(facility.row, "ID", facility.identifier, reason)
    if known.agency.closed_on is not None and known.agency.closed_on < today:
        reason = "廃止として登録されている施設です。再開するときは場所の画面で直してから取り込んでください。"
        return Rejected(facility.row, "名称", facility.name, reason)
    return None


def _another(facility: Facility, known: Known, town: str) -> bool:
    address = address_key(facility.address, town)
    return (
        name_key(facility.name) != known.name and bool(address and known.address) and address != known.address
    )


def _compare(
    facility: Facility, identifier: str, known: Known | None, areas: AreaFinder, result: Plan, work: Work
) -> None:
    before = queries.period_input(known.period) if known is not None and known.period is not None else None
    after = _after(facility, before, areas)
    if known is None or before is None:
        result.added += 1
        result.sample(Sample(facility.row, "added", facility.name, _changes(None, after)))
        work.added.append((identifier, facility, after))
        return
    adopted = (
        identifier
        if facility.identifier and not has_own_id(known.agency.identifier)
        else known.agency.identifier
    )
    changed = differences(before, after)
    if not changed and adopted == known.agency.identifier:
        result.unchanged += 1
        return
    result.changed += 1
    changes = _changes(before, after)
    if adopted != known.agency.identifier:
        changes.insert(0, Change("ID", known.agency.identifier, adopted))
    result.sample(Sample(facility.row, "changed", facility.name, changes))
    work.changed.append((known, adopted, after))


def _after(facility: Facility, before: PeriodInput | None, areas: AreaFinder) -> PeriodInput:
    """What the agency is after the import: what the list leaves blank stays as it is."""
    values: dict[str, object] = {"name": facility.name, **facility.values}
    if before is not None and before.place_kind:
        values.pop("place_kind", None)
    if facility.hours:
        others = [hour for hour in before.hours if hour.kind != "open"] if before else []
        values["hours"] = tuple(sorted([*facility.hours, *others]))
    after = replace(before or PeriodInput(facility.name), **values)  # type: ignore[arg-type]
    area = areas.find(after.latitude, after.longitude)
    return replace(after, area_id=area) if area is not None else after


_LABELS = {f.name: f.verbose_name for f in AgencyPeriod._meta.get_fields() if hasattr(f, "verbose_name")}
_LABELS |= {"hours": "開所時間", "area_id": "区域"}
_SHOWN_WHEN_ADDED = ("address", "phone", "facility_type", "hours")


def _changes(before: PeriodInput | None, after: PeriodInput) -> list[Change]:
    names = differences(before, after) if before else _SHOWN_WHEN_ADDED
    changes = []
    for each in fields(PeriodInput):
        if each.name in names and (before or getattr(after, each.name)):
            was = _shown(getattr(before, each.name)) if before else ""
            changes.append(
                Change(str(_LABELS.get(each.name, each.name)), was, _shown(getattr(after, each.name)))
            )
    return changes


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "有" if value else "無"
    if isinstance(value, tuple):
        return "、".join(_shown_item(item) for item in value)[:200]
    return "" if value is None else str(value)[:200]


def _shown_item(item: object) -> str:
    if hasattr(item, "weekday"):
        return f"{'月火水木金土日祝'[item.weekday]} {item.opens:%-H:%M}〜{item.closes:%-H:%M}"  # type: ignore[attr-defined]
    return str(getattr(item, "value", item))
