"""What assessments and plans ask of a family before they are written."""

from __future__ import annotations

from tsunagari.base.access import Action
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters.models import Chart, Draft
from tsunagari.families.models import Household, Person


def own_agency(actor: Actor, action: Action) -> int:
    """The agency of the actor; Forbidden for those who work at none."""
    if actor.agency_id is None:
        raise Forbidden("機関に所属する人だけができます。", action=action.name)
    return actor.agency_id


def locked_household(household: Household, actor: Actor) -> Household:
    """The family, locked; Conflict for one that was joined into another, Forbidden for one the actor may not see."""
    rows = Household.objects.visible_to(actor).filter(pk=household.pk)
    if not rows.exists():
        raise Forbidden("この家庭のことは書けません。")
    locked = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if locked.joined_into_id is not None:
        raise Conflict("この家庭は、別の家庭にまとめられています。まとめた先の家庭でひらいてください。")
    return locked


def require_belongs(
    household: Household, person: Person | None, chart: Chart | None, actor: Actor, action: Action
) -> None:
    """The person lives in the family, and the chart is an open one of the family at the actor's agency."""
    if person is not None and not belongs(person, household):
        raise DomainError("この家庭の人をえらんでください。", field="person")
    if chart is None:
        return
    if chart.agency_id != actor.agency_id:
        raise Forbidden("ほかの機関の個別記録には書けません。", action=action.name)
    if chart.household_id != household.pk:
        raise DomainError("この家庭の個別記録をえらんでください。", field="chart")
    if chart.closed_on is not None:
        raise Conflict("この個別記録は終わっています。", what_to_do="続けるときは、ふたたび開いてください。")


def belongs(person: Person, household: Household) -> bool:
    """Whether the person lives in the family, or also there."""
    staying = person.second_homes.filter(household=household, valid_to__isnull=True)
    return person.household_id == household.pk or staying.exists()


def put_away(draft: Draft | None, actor: Actor) -> None:
    """The draft becomes what is written now. DomainError (410) when another click has made something of it already."""
    if draft is None:
        return
    locked = Draft.objects.visible_to(actor).select_for_update().filter(pk=draft.pk).first()
    if locked is None:
        raise DomainError("この下書きは、もう保存されたか、破棄されています。", status=410)
    locked.delete()
