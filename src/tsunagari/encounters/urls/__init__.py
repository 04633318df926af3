"""Addresses by topic, as the views are."""

from tsunagari.encounters.urls import charts, circulation, door, guide, keeping, records

urlpatterns = [
    *door.urlpatterns,
    *records.urlpatterns,
    *charts.urlpatterns,
    *keeping.urlpatterns,
    *guide.urlpatterns,
    *circulation.urlpatterns,
]
