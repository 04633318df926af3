"""Addresses of imports, below /imports/."""

from __future__ import annotations

from django.urls import path

from tsunagari.interop.views import columns, deciding, imports, rosters

urlpatterns = [
    path("", imports.imports, name="imports"),
    path("new/", imports.import_new, name="import_new"),
    path("<int:import_id>/", imports.import_, name="import"),
    path("<int:import_id>/apply/", imports.import_apply, name="import_apply"),
    path("<int:import_id>/discard/", imports.import_discard, name="import_discard"),
    path("<int:import_id>/rejected/", imports.import_rejected, name="import_rejected"),
    path("rosters/new/", rosters.new, name="roster_import_new"),
    path("rosters/<int:roster_id>/", rosters.roster, name="roster_import"),
    path("rosters/<int:roster_id>/columns/", columns.columns, name="roster_import_columns"),
    path("rosters/<int:roster_id>/families/", rosters.families, name="roster_import_families"),
    path(
        "rosters/<int:roster_id>/families/<int:roster_family>/", deciding.decide, name="roster_import_decide"
    ),
    path("rosters/<int:roster_id>/rest/", rosters.rest, name="roster_import_rest"),
    path("rosters/<int:roster_id>/apply/", rosters.apply, name="roster_import_apply"),
    path("rosters/<int:roster_id>/back/", rosters.back, name="roster_import_back"),
    path("rosters/<int:roster_id>/discard/", rosters.discard, name="roster_import_discard"),
    path("rosters/<int:roster_id>/undo/", rosters.undo, name="roster_import_undo"),
    path("rosters/<int:roster_id>/rejected/", rosters.rejected, name="roster_import_rejected"),
]
