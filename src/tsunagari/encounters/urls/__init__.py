"""Addresses by topic, as the views are."""

from tsunagari.encounters.urls import charts, circulation, door, guide, keeping, plans, records

urlpatterns = [
    *door.urlpatterns,
    *records.urlpatterns,
    *charts.urlpatterns,
    *keeping.urlpatterns,
    *guide.urlpatterns,
    *plans.urlpatterns,
    *circulation.urlpatterns,
]
