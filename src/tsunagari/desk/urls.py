from django.urls import path

from tsunagari.desk.views import family, search, today, trail

urlpatterns = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("families/<int:household_id>/", family.family, name="family"),
    path("families/<int:household_id>/timeline/", family.timeline, name="family_timeline"),
    path("families/<int:household_id>/print/", family.on_paper, name="family_print"),
    path("families/<int:household_id>/trail/", trail.of_family, name="family_trail"),
    path("trail/", trail.trail, name="trail"),
    path("trail/mine/", trail.mine, name="trail_mine"),
]
