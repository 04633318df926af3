"""Addresses by topic, as the views are."""

from tsunagari.encounters.urls import door, records

urlpatterns = [*door.urlpatterns, *records.urlpatterns]
