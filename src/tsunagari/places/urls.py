"""Addresses of places, below /places/."""

from django.urls import path

from tsunagari.places.views import agencies, areas, sites

urlpatterns = [
    path("", agencies.places, name="places"),
    path("new/", agencies.new, name="agency_new"),
    path("sites/", sites.sites, name="sites"),
    path("sites/new/", sites.new, name="site_new"),
    path("sites/<int:site_id>/", sites.site, name="site"),
    path("sites/<int:site_id>/edit/", sites.edit, name="site_edit"),
    path("sites/<int:site_id>/end/", sites.end, name="site_end"),
    path("sites/<int:site_id>/reopen/", sites.reopen, name="site_reopen"),
    path("sites/<int:site_id>/days/", sites.day_new, name="site_day_new"),
    path("sites/<int:site_id>/days/<int:time_id>/remove/", sites.day_remove, name="site_day_remove"),
    path("areas/", areas.areas, name="areas"),
    path("areas/new/", areas.area_new, name="area_new"),
    path("areas/<int:area_id>/", areas.area, name="area"),
    path("areas/<int:area_id>/edit/", areas.area_edit, name="area_edit"),
    path("areas/<int:area_id>/end/", areas.area_end, name="area_end"),
    path("<int:agency_id>/", agencies.agency, name="agency"),
    path("<int:agency_id>/edit/", agencies.edit, name="agency_edit"),
    path("<int:agency_id>/history/", agencies.history, name="agency_history"),
    path("<int:agency_id>/close/", agencies.close, name="agency_close"),
    path("<int:agency_id>/reopen/", agencies.reopen, name="agency_reopen"),
    path("<int:agency_id>/exceptions/", agencies.exception_new, name="exception_new"),
    path(
        "<int:agency_id>/exceptions/<int:exception_id>/remove/",
        agencies.exception_remove,
        name="exception_remove",
    ),
    path("<int:agency_id>/slots/", sites.slots, name="slots"),
    path("<int:agency_id>/designations/", areas.designation_new, name="designation_new"),
    path(
        "<int:agency_id>/designations/<int:designation_id>/end/",
        areas.designation_end,
        name="designation_end",
    ),
]
