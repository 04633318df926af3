from django.urls import path

from tsunagari.encounters.views import guide, guide_edit, guide_paper, official, partners, sorting

urlpatterns = [
    path("guide/", guide.guide, name="guide"),
    path("guide/books/", guide.guide_books, name="guide_books"),
    path("guide/books/<int:book_id>/", guide.guide_book, name="guide_book"),
    path("guide/books/<int:book_id>/guide.pdf", guide_paper.guide_pdf, name="guide_pdf"),
    path("guide/edit/", guide_edit.guide_edit, name="guide_edit"),
    path("guide/edit/discard/", guide_edit.guide_discard, name="guide_discard"),
    path("guide/edit/publish/", guide_edit.guide_publish, name="guide_publish"),
    path("guide/edit/entries/new/", guide_edit.guide_entry_new, name="guide_entry_new"),
    path("guide/edit/entries/<int:guide_entry_id>/", guide_edit.guide_entry, name="guide_entry"),
    path(
        "guide/edit/entries/<int:guide_entry_id>/move/", guide_edit.guide_entry_move, name="guide_entry_move"
    ),
    path("drafts/<int:draft_id>/guide/", guide.draft_guide, name="draft_guide"),
    path("partners/", partners.partners, name="partners"),
    path("partners/new/", partners.partner_new, name="partner_new"),
    path("partners/<int:partner_id>/", partners.partner, name="partner"),
    path("categories/", sorting.categories, name="categories"),
    path("categories/<int:subcategory_id>/", sorting.category, name="category"),
    path("categories/<int:subcategory_id>/move/", sorting.category_move, name="category_move"),
    path("categories/official/", official.officials, name="officials"),
    path("categories/official/<int:table_id>/", official.official, name="official"),
    path("categories/official/<int:table_id>/check/", official.official_check, name="official_check"),
    path("categories/official/<int:table_id>/reopen/", official.official_reopen, name="official_reopen"),
    path("categories/official/<int:table_id>/copy/", official.official_copy, name="official_copy"),
    path(
        "categories/official/<int:table_id>/items/new/",
        official.official_item_new,
        name="official_item_new",
    ),
    path("categories/official/items/<int:item_id>/", official.official_item, name="official_item"),
]
