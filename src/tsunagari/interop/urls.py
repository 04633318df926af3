"""Addresses of imports, below /imports/."""

from __future__ import annotations

from django.urls import path

from tsunagari.interop import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.import_new, name="import_new"),
    path("<int:import_id>/", views.import_, name="import"),
    path("<int:import_id>/apply/", views.import_apply, name="import_apply"),
    path("<int:import_id>/discard/", views.import_discard, name="import_discard"),
    path("<int:import_id>/rejected/", views.import_rejected, name="import_rejected"),
]
