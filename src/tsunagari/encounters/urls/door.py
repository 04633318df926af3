from django.urls import path

from tsunagari.encounters.views import kiosk, rosters, scans, tallies, visits

urlpatterns = [
    path("visits/", rosters.roster, name="roster"),
    path("visits/roster.pdf", rosters.roster_pdf, name="roster_pdf"),
    path("visits/blank.pdf", rosters.roster_blank, name="roster_blank"),
    path("visits/anonymous/", visits.check_in_anonymous, name="check_in_anonymous"),
    path("visits/tallies/new/", tallies.tally_new, name="tally_new"),
    path("visits/tallies/<int:tally_id>/undo/", tallies.tally_undo, name="tally_undo"),
    path("visits/tallies/<int:tally_id>/restore/", tallies.tally_restore, name="tally_restore"),
    path("visits/<int:visit_id>/family/", visits.visit_family, name="visit_family"),
    path("visits/<int:visit_id>/undo/", visits.visit_undo, name="visit_undo"),
    path("visits/<int:visit_id>/restore/", visits.visit_restore, name="visit_restore"),
    path("families/<int:household_id>/visit/", visits.check_in, name="check_in"),
    path("kiosk/", kiosk.kiosk, name="kiosk"),
    path("kiosk/check-in/", kiosk.check_in, name="kiosk_check_in"),
    path("kiosk/children/", kiosk.children, name="kiosk_children"),
    path("kiosk/newcomer/", kiosk.newcomer, name="kiosk_newcomer"),
    path("kiosk/sync/", kiosk.sync, name="kiosk_sync"),
    path("kiosk/worker.js", kiosk.worker, name="kiosk_worker"),
    path("scans/", scans.scans, name="scans"),
    path("scans/<int:scan_id>/", scans.settle, name="scan_settle"),
]
