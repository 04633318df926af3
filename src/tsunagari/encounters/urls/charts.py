from django.urls import path

from tsunagari.encounters.views import chart_records, charts, handovers

urlpatterns = [
    path("charts/", charts.charts, name="charts"),
    path("families/<int:household_id>/charts/", charts.family_charts, name="family_charts"),
    path("families/<int:household_id>/charts/new/", charts.chart_new, name="chart_new"),
    path("charts/<int:chart_id>/", charts.chart, name="chart"),
    path("charts/<int:chart_id>/edit/", charts.chart_edit, name="chart_edit"),
    path("charts/<int:chart_id>/write/", charts.chart_write, name="chart_write"),
    path("charts/<int:chart_id>/close/", charts.chart_close, name="chart_close"),
    path("charts/<int:chart_id>/reopen/", charts.chart_reopen, name="chart_reopen"),
    path("charts/<int:chart_id>/history/", charts.chart_history, name="chart_history"),
    path("charts/<int:chart_id>/records/", chart_records.chart_draw, name="chart_draw"),
    path(
        "charts/<int:chart_id>/records/<int:entry_id>/out/",
        chart_records.chart_take_out,
        name="chart_take_out",
    ),
    path("charts/<int:chart_id>/chart.pdf", chart_records.chart_pdf, name="chart_pdf"),
    path("charts/<int:chart_id>/hand-over/", handovers.chart_hand_over, name="chart_hand_over"),
    path("handovers/<int:handover_id>/", handovers.handover, name="chart_handover"),
]
