from django.urls import path

from tsunagari.desk.views import family, owners, search, today, trail

urlpatterns = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("families/<int:household_id>/", family.family, name="family"),
    path("families/<int:household_id>/timeline/", family.timeline, name="family_timeline"),
    path("families/<int:household_id>/print/", family.on_paper, name="family_print"),
    path("families/<int:household_id>/trail/", trail.of_family, name="family_trail"),
    path("owners/", owners.owners_list, name="owners"),
    path("owners/<int:agency_id>/<int:user_id>/", owners.owner, name="owner"),
    path("trail/", trail.trail, name="trail"),
    path("trail/lines.xlsx", trail.trail_xlsx, name="trail_xlsx"),
    path("trail/check/", trail.trail_check, name="trail_check"),
    path("trail/mine/", trail.mine, name="trail_mine"),
]
