from django.urls import path

from tsunagari.families.views import (
    benefits,
    households,
    joining,
    lists,
    making,
    people,
    pregnancies,
    registrations,
    renewals,
)

urlpatterns = [
    path("", lists.families, name="families"),
    path("new/", making.family_new, name="family_new"),
    path("nickname/", making.nickname_new, name="nickname_new"),
    path("<int:household_id>/edit/", households.family_edit, name="family_edit"),
    path("<int:household_id>/protect/", households.family_protect, name="family_protect"),
    path("<int:household_id>/unmask/", households.family_unmask, name="family_unmask"),
    path("<int:household_id>/move/", households.family_move, name="family_move"),
    path("<int:household_id>/people/new/", people.person_new, name="person_new"),
    path("<int:household_id>/people/<int:person_id>/", people.person_edit, name="person_edit"),
    path("<int:household_id>/people/<int:person_id>/leave/", people.person_leave, name="person_leave"),
    path("<int:household_id>/people/<int:person_id>/second-home/", people.second_home, name="second_home"),
    path(
        "<int:household_id>/second-homes/<int:second_home_id>/end/",
        people.second_home_end,
        name="second_home_end",
    ),
    path("<int:household_id>/expect/", pregnancies.expect, name="expect"),
    path("<int:household_id>/people/<int:person_id>/birth/", pregnancies.birth, name="birth"),
    path("<int:household_id>/people/<int:person_id>/end/", pregnancies.pregnancy_end, name="pregnancy_end"),
    path("<int:household_id>/registrations/new/", registrations.registration_new, name="registration_new"),
    path(
        "<int:household_id>/registrations/<int:registration_id>/end/",
        registrations.registration_end,
        name="registration_end",
    ),
    path(
        "<int:household_id>/registrations/<int:registration_id>/reopen/",
        registrations.registration_reopen,
        name="registration_reopen",
    ),
    path(
        "<int:household_id>/home-changes/<int:change_id>/seen/",
        registrations.home_change_seen,
        name="home_change_seen",
    ),
    path("<int:household_id>/registrations/<int:registration_id>/renew/", renewals.renew, name="renew"),
    path("<int:household_id>/renewals/<int:renewal_id>/undo/", renewals.renewal_undo, name="renewal_undo"),
    path("<int:household_id>/benefits/<int:benefit_id>/", benefits.benefit_use, name="benefit_use"),
    path("<int:household_id>/benefit-uses/<int:use_id>/undo/", benefits.benefit_undo, name="benefit_undo"),
    path("<int:household_id>/join/", joining.family_join, name="family_join"),
    path("<int:household_id>/joins/<int:join_id>/part/", joining.family_part, name="family_part"),
]
