"""Every address of the system; each app keeps its own list."""

from __future__ import annotations

from django.urls import include, path

from tsunagari.base.views import health

urlpatterns = [
    path("health/", health, name="health"),
    path("", include("tsunagari.desk.urls")),
    path("", include("tsunagari.accounts.urls")),
    path("families/", include("tsunagari.families.urls")),
    path("", include("tsunagari.families.urls_town")),
    path("", include("tsunagari.encounters.urls")),
    path("places/", include("tsunagari.places.urls")),
    path("imports/", include("tsunagari.interop.urls")),
    path("reports/", include("tsunagari.reports.urls")),
]

handler400 = "tsunagari.base.errors.bad_request"
handler403 = "tsunagari.base.errors.forbidden"
handler404 = "tsunagari.base.errors.not_found"
handler500 = "tsunagari.base.errors.server_error"
