"""People of a family: new, corrected, expected, born, gone, at home twice."""

from __future__ import annotations

from django.http import Http404, HttpResponse, QueryDict

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.pages import render
from tsunagari.families import access, queries
from tsunagari.families.forms.people import RELATIONS, LeaveForm, PersonForm, SecondHomeForm, person_values
from tsunagari.families.models import Household, Person, SecondHome
from tsunagari.families.operations import people, search
from tsunagari.families.queries import MASK
from tsunagari.families.views.common import done, household_of, person_of, refuse, shown, status_of

REACH = ("phone", "phone_other", "email")


@allow(access.CHANGE)
def person_new(request: StaffRequest, household_id: int) -> HttpResponse:
    """One more person."""
    household = household_of(request, household_id)
    form = PersonForm(request.POST or None, initial={"kind": request.GET.get("kind", "child"), "sex": "0"})
    if request.method == "POST" and form.is_valid():
        try:
            people.add_person(household, form.person(), actor=request.actor)
            return done(request, household, "家族を書きたしました。")
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "head": shown(request, household), "relations": RELATIONS}
    return render(request, "families/person.html", context, status=status_of(form))


@allow(access.CHANGE)
def person_edit(request: StaffRequest, household_id: int, person_id: int) -> HttpResponse:
    """Correct a person; a stale save shows both."""
    household = household_of(request, household_id)
    person = person_of(household, person_id)
    form = _person_form(person, request.POST or None)
    both: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            typed = form.person(_kept(form, person))
            people.change_person(person, typed, actor=request.actor, expected_version=version)
            return done(request, household, "家族の内容を直しました。")
        except Conflict:
            both = _both(form, person)
            form = _person_form(person, _onto(request.POST, person))
        except DomainError as error:
            refuse(form, error)
    context = {
        "form": form,
        "head": shown(request, household),
        "person": person,
        "both": both,
        "relations": RELATIONS,
    }
    return render(request, "families/person.html", context, status=409 if both else status_of(form))


def _person_form(person: Person, data: QueryDict | None) -> PersonForm:
    values = person_values(person)
    if person.household.protected:
        values.update(dict.fromkeys(REACH, ""))
    return PersonForm(data, initial=values)


def _kept(form: PersonForm, person: Person) -> Person:
    """Blank ways to reach a protected person stay what they were: nobody sees them here."""
    if person.household.protected:
        for name in REACH:
            form.cleaned_data[name] = form.cleaned_data[name] or getattr(person, name)
    return person


def _both(form: PersonForm, person: Person) -> list[dict[str, str]]:
    """Each word that differs: as saved now, as typed here."""
    saved, rows = person_values(person), []
    for name, field in form.fields.items():
        now, mine = str(saved.get(name) or ""), str(form.data.get(name) or "")
        if name == "version" or now == mine:
            continue
        choices = dict(getattr(field, "choices", []))
        hidden = person.household.protected and name in REACH and now
        shown_now = MASK if hidden else str(choices.get(now, now))
        rows.append({"label": str(field.label), "now": shown_now, "mine": str(choices.get(mine, mine))})
    return rows or [{"label": "内容", "now": "ほかの人の保存", "mine": "同じ内容です"}]


def _onto(data: QueryDict, person: Person) -> QueryDict:
    mine = data.copy()
    mine["version"] = str(person.version)
    return mine


@allow(access.CHANGE)
def person_leave(request: StaffRequest, household_id: int, person_id: int) -> HttpResponse:
    """The person left the household or died."""
    household = household_of(request, household_id)
    person = person_of(household, person_id, life=Person.Life.LIVING)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            people.leave(person, actor=request.actor, left_on=data["left_on"], died=data["why"] == "died")
            return done(request, household, "一覧からはずしました。これまでの記録は残っています。")
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "head": shown(request, household), "person": person}
    return render(request, "families/person_leave.html", context, status=status_of(form))


@allow(access.CHANGE)
def second_home(request: StaffRequest, household_id: int, person_id: int) -> HttpResponse:
    """Where a person also lives: search, choose, note."""
    household = household_of(request, household_id)
    person = person_of(household, person_id)
    form = SecondHomeForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["household"]:
            try:
                other = household_of(request, data["household"])
                people.add_second_home(person, other, actor=request.actor, note=data["note"])
                return done(request, household, "もうひとつの家庭を書きました。")
            except DomainError as error:
                refuse(form, error)
        elif data["q"]:
            found = search.look_up(data["q"], actor=request.actor)
        else:
            form.add_error("q", "名前や電話番号を書いてください。")
    context = {"form": form, "head": shown(request, household), "person": person, "found": found}
    return render(request, "families/second_home.html", context, status=status_of(form))


@allow(access.CHANGE)
def second_home_end(request: StaffRequest, household_id: int, second_home_id: int) -> HttpResponse:
    """The person no longer lives in the second household."""
    household = household_of(request, household_id)
    home = _stay(household, second_home_id)
    if request.method == "POST" and "confirm" in request.POST:
        people.end_second_home(home, actor=request.actor)
        return done(request, household, "もうひとつの家庭を終わりにしました。")
    context = {"head": shown(request, household), "home": home}
    return render(request, "families/second_home_end.html", context)


def _stay(household: Household, second_home_id: int) -> SecondHome:
    found = queries.second_home_of(household, second_home_id)
    if found is None:
        raise Http404
    return found
