"""Addresses of reports, under /reports/."""

from __future__ import annotations

from django.urls import path

from tsunagari.reports.views import cells, city, files, layouts, reports, rules, sharing

urlpatterns = [
    path("", reports.index, name="reports"),
    path("new/", reports.new, name="report_new"),
    path("<int:report_id>/", reports.report, name="report"),
    path("<int:report_id>/note/", reports.note, name="report_note"),
    path("<int:report_id>/receive/", reports.receive, name="report_receive"),
    path("<int:report_id>/return/", reports.send_back, name="report_return"),
    path("<int:report_id>/amend/", reports.amend, name="report_amend"),
    path("<int:report_id>/comments/", reports.comment, name="report_comment"),
    path("<int:report_id>/report.pdf", files.report_pdf, name="report_pdf"),
    path("<int:report_id>/report.xlsx", files.report_xlsx, name="report_xlsx"),
    path("<int:report_id>/cells/<str:name>/", cells.report_cell, name="report_cell"),
    path("shared/<int:record_id>/", sharing.share, name="record_share"),
    path("shared/<int:record_id>/undo/", sharing.take_back, name="record_share_undo"),
    path("city/", city.city, name="report_city"),
    path("city/<str:code>/", city.period, name="report_period"),
    path("city/<str:code>/keep/", city.keep, name="report_keep"),
    path("city/<str:code>/report.pdf", files.period_pdf, name="report_period_pdf"),
    path("city/<str:code>/report.xlsx", files.period_xlsx, name="report_period_xlsx"),
    path("city/<str:code>/cells/<str:name>/", cells.period_cell, name="report_period_cell"),
    path("late/", city.late, name="report_late"),
    path("rules/", rules.rules, name="report_rules"),
    path("rules/all/", rules.town_rule, name="report_rule_all"),
    path("rules/<int:agency_id>/", rules.agency_rule, name="report_rule"),
    path("layout/", layouts.layout, name="report_layout"),
    path("layout/names/", layouts.layout_names, name="report_layout_names"),
    path("layout/sample.xlsx", layouts.layout_sample, name="report_layout_sample"),
    path("layout/<str:kind>/end/", layouts.layout_end, name="report_layout_end"),
]
