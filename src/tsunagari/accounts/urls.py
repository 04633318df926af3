"""Addresses of sign-in, workplace, session and staff. Of allauth only what is used; there is no sign-up."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import include, path

from tsunagari.accounts.views import courses, devices, skills, staff
from tsunagari.accounts.views.entrance import counted, session, workplace

urlpatterns = [
    path("workplace/", workplace, name="workplace"),
    path("session/", session, name="session"),
    path("devices/", devices.devices, name="devices"),
    path("devices/unlock/", devices.unlock, name="device_unlock"),
    path("devices/<int:device_id>/lock/", devices.lock, name="device_lock"),
    path("staff/", staff.staff, name="staff"),
    path("staff/new/", staff.new, name="staff_new"),
    path("staff/<int:user_id>/", staff.member, name="staff_member"),
    path("staff/<int:user_id>/edit/", staff.edit, name="staff_edit"),
    path("staff/<int:user_id>/memberships/", staff.membership_new, name="membership_new"),
    path(
        "staff/<int:user_id>/memberships/<int:membership_id>/end/",
        staff.membership_end,
        name="membership_end",
    ),
    path("staff/<int:user_id>/active/", staff.active, name="staff_active"),
    path("staff/<int:user_id>/reset/", staff.reset, name="staff_reset"),
    path("my/skills/", skills.mine, name="my_skills"),
    path("skills/", skills.skills, name="skills"),
    path("skills/people.xlsx", skills.skills_xlsx, name="skills_xlsx"),
    path("skills/print/", skills.skills_print, name="skills_print"),
    path("skills/training/", skills.training_day, name="training_day"),
    path("skills/courses/", courses.courses, name="courses"),
    path("skills/courses/new/", courses.course_new, name="course_new"),
    path("skills/courses/offers/", courses.course_offers, name="course_offers"),
    path("skills/courses/<int:course_id>/", courses.course_edit, name="course_edit"),
    path("skills/courses/<int:course_id>/end/", courses.course_end, name="course_end"),
    path("skills/<int:user_id>/", skills.skill_person, name="skill_person"),
    path("skills/<int:user_id>/qualifications/", skills.qualification_new, name="qualification_new"),
    path("skills/<int:user_id>/trainings/", skills.training_new, name="training_new"),
    path("skills/<int:user_id>/supervisions/", skills.supervision_new, name="supervision_new"),
    path(
        "skills/qualifications/<int:qualification_id>/", skills.qualification_edit, name="qualification_edit"
    ),
    path(
        "skills/qualifications/<int:qualification_id>/back/",
        skills.qualification_back,
        name="qualification_back",
    ),
    path("skills/trainings/<int:training_id>/", skills.training_edit, name="training_edit"),
    path("skills/trainings/<int:training_id>/back/", skills.training_back, name="training_back"),
    path("skills/supervisions/<int:supervision_id>/", skills.supervision_edit, name="supervision_edit"),
    path("skills/supervisions/<int:supervision_id>/back/", skills.supervision_back, name="supervision_back"),
    path("accounts/login/", counted(account.login), name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", counted(account.reauthenticate), name="account_reauthenticate"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/2fa/authenticate/", counted(mfa.authenticate), name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", counted(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
