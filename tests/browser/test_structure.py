"""Which pages are looked at: none with something that was not."""

from __future__ import annotations

from tests.browser.structure import given_twice, parts
from tests.browser.test_pages import Found, worth_a_look


def page(role: str, route: str, html: str) -> Found:
    return Found(role, route, f"/{route}/", parts(html), set())


def test_words_numbers_and_rows_of_one_kind_build_nothing_new() -> None:
    one = "<ul class='list'><li><a href='/1/'>青木</a></li></ul>"
    more = "<ul class='list'><li><a href='/2/'>馬場</a></li><li><a href='/3/'>千葉</a></li></ul>"
    assert parts(one) == parts(more)


def test_the_same_element_elsewhere_or_after_another_heading_is_new() -> None:
    assert parts("<p class='a'><b>1</b></p>") != parts("<p class='b'><b>1</b></p>")
    assert parts("<div><input><p>1</p></div>") != parts("<div><input></div><p>1</p>")
    assert parts("<h1>1</h1><h2>1</h2><h3>1</h3><h2>1</h2>") - parts("<h1>1</h1><h2>1</h2><h3>1</h3>") == {
        "h3 before h2"
    }


def test_every_page_is_looked_at_and_what_another_role_alone_sees() -> None:
    plain, rich, other = (
        page("a", "x", "<p>1</p>"),
        page("b", "x", "<p><b>1</b></p>"),
        page("c", "x", "<i>1</i>"),
    )
    same = page("a", "y", "<p>2</p>")
    assert worth_a_look([plain, rich, other, same]) == [rich, same, other]


def test_an_id_is_complained_of_where_somebody_asks_for_it() -> None:
    assert given_twice('<input id="a"><input id="a">') == set()
    assert given_twice('<label for="a">x</label><input id="a"><input id="a">') == {"a"}
    assert given_twice('<i id="a"></i><p aria-describedby="b a"></p><i id="a"></i><i id="b"></i>') == {"a"}
