from django.urls import path

from tsunagari.encounters.views import circulation, circulation_rules, comments, searching

urlpatterns = [
    path("circulation/", circulation.circulation, name="circulation"),
    path("circulation/read/", circulation.circulation_read, name="circulation_read"),
    path("circulation/rules/", circulation_rules.circulation_rules, name="circulation_rules"),
    path(
        "circulation/rules/<int:rule_id>/end/",
        circulation_rules.circulation_rule_end,
        name="circulation_rule_end",
    ),
    path(
        "circulation/rules/<int:rule_id>/back/",
        circulation_rules.circulation_rule_back,
        name="circulation_rule_back",
    ),
    path("records/search/", searching.record_search, name="record_search"),
    path("records/<int:record_id>/seal/", circulation.seal, name="seal"),
    path("records/<int:record_id>/circulate/", circulation.record_circulate, name="record_circulate"),
    path(
        "records/<int:record_id>/seals/<int:seal_id>/withdraw/",
        circulation.seal_withdraw,
        name="seal_withdraw",
    ),
    path("records/<int:record_id>/comments/", comments.comment_new, name="comment_new"),
    path(
        "records/<int:record_id>/comments/<int:comment_id>/strike/",
        comments.comment_strike,
        name="comment_strike",
    ),
]
