"""Addresses by topic, as the views are."""

from tsunagari.encounters.urls import door, keeping, records

urlpatterns = [*door.urlpatterns, *records.urlpatterns, *keeping.urlpatterns]
