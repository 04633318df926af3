"""Input of the pages about visits and records."""

from tsunagari.encounters.forms.records import FilterForm, MoveForm, RecordForm, StepForm
from tsunagari.encounters.forms.visits import AnonymousForm, CheckInForm, DayForm, PeopleForm

__all__ = [
    "AnonymousForm",
    "CheckInForm",
    "DayForm",
    "FilterForm",
    "MoveForm",
    "PeopleForm",
    "RecordForm",
    "StepForm",
]
