"""Addresses about registrations that do not begin with a family."""

from django.urls import path

from tsunagari.families.views import benefits, card_sheets, grown_out, paper, policies, registering, renewals

urlpatterns = [
    path("registering/", registering.registering, name="registering"),
    path("policy/", policies.policy, name="policy"),
    path("policy/edit/", policies.policy_edit, name="policy_edit"),
    path("renewals/", renewals.renewals, name="renewals"),
    path("grown-out/", grown_out.grown_out, name="grown_out"),
    path("forms/", paper.forms, name="forms"),
    path("forms/find/", paper.form_find, name="form_find"),
    path("f/<str:code>/", paper.form_entry, name="form_entry"),
    path("cards/", card_sheets.cards, name="cards"),
    path("cards/sheet/", card_sheets.card_sheet, name="card_sheet"),
    path("benefits/", benefits.benefits, name="benefits"),
    path("benefits/new/", benefits.benefit_new, name="benefit_new"),
    path("benefits/<int:benefit_id>/", benefits.benefit, name="benefit"),
    path("benefits/<int:benefit_id>/edit/", benefits.benefit_edit, name="benefit_edit"),
    path("benefits/<int:benefit_id>/end/", benefits.benefit_end, name="benefit_end"),
]
