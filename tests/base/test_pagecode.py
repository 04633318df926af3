"""Templates that became functions say the same, byte for byte, as Django does."""

from __future__ import annotations

from collections import namedtuple
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.forms.renderers import get_default_renderer
from django.template import Context, Engine, engines
from django.template.loaders import cached
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject, lazystr
from django.utils.safestring import SafeString

import tsunagari
from tsunagari.base.pagecode.nodes import Written

TEMPLATES = sorted(Path(tsunagari.__file__).parent.glob("*/templates/**/*.html"))
PLAIN = "django.template.loaders.cached.Loader"
OURS = "tsunagari.base.pagecode.loading.Loader"
Pair = namedtuple("Pair", "left right")
PARTS = {
    "part": "[{{ x }}{{ forloop.counter }}{% if y %}{{ y }}{% endif %}{{ csrf_token }}]",
    "folder/near": '{% include "./next" with x="n" %}',
    "folder/next": "next {{ x }}",
    "changing": "{% for a in many %}{% ifchanged a.group %}<{{ a.group }}>{% endifchanged %}{{ a.n }}{% endfor %}",
    "base": "<{% block head %}b {{ x }}{% endblock %}|{% block body %}{% block inner %}{% endblock %}{% endblock %}>",
    "middle": '{% extends "base" %}{% block head %}middle {{ block.super }}{% endblock %}',
}


class Thing:
    """Everything Django's dots can meet."""

    def __init__(self) -> None:
        self.name, self.none, self.zero, self.inner = "<b>&'\"", None, 0, {"key": "<k>", "items": "own"}

    def method(self) -> str:
        return "called"

    def greedy(self, one: str) -> str:
        return one

    def delete(self) -> str:
        raise AssertionError("a template must not delete")

    delete.alters_data = True  # type: ignore[attr-defined]

    @property
    def gone(self) -> str:
        raise ObjectDoesNotExist

    @property
    def broken(self) -> str:
        raise AttributeError("inside")


class Uncalled:
    do_not_call_in_templates = True
    name = "class"


def context_of() -> dict[str, Any]:
    groups = [{"group": group, "n": number} for number, group in enumerate("aabba")]
    return {
        "thing": Thing(), "uncalled": Uncalled, "pair": Pair("l", "<r>"), "many": groups, "function": lambda: "<f>",
        "number": 1234567, "minus": -5, "float": 1234.5, "decimal": Decimal("1.50"), "yes": True,
        "safe": SafeString("<i>"),
        "lazy": lazystr("<lazy>"), "held": SimpleLazyObject(lambda: [1, 2]), "day": date(2026, 11, 23), "x": "<x>",
        "moment": datetime(2026, 11, 23, 20, 5, tzinfo=UTC), "nothing": [], "pairs": [("a", 1), ("b", 2)],
        "name": "part",
        "map": {"k": 1, "items": 2}, "plain": {"k": 1}, "numbers": [3, 1, 2], "iterator": iter("xyz"),
        "bad": [(1, 2, 3)],
    }  # fmt: skip


SAME = [
    "plain text & <tags>",
    "{{ x }}{{ safe }}{{ lazy }}{{ number }}{{ minus }}{{ float }}{{ decimal }}",
    "{{ yes }}{{ day }}{{ moment }}{{ thing.none }}",
    "{{ missing }}|{{ thing.missing }}|{{ missing.deep.er }}|",
    "{{ thing.inner.missing }}|{{ x.0 }}|{{ numbers.0 }}|{{ numbers.9 }}",
    "{{ thing.name }}{{ thing.inner.key }}{{ thing.inner.items }}{{ thing.method }}{{ thing.greedy }}{{ thing.gone }}",
    "{{ thing.delete }}{{ uncalled.name }}{{ function }}",
    "{{ pair.left }}{{ pair.right }}{{ pair.1 }}{{ held.1 }}{{ held|length }}",
    "{{ 'words <b>' }}{{ 5 }}{{ 1.5 }}{{ True }}{{ None }}{{ _('Yes') }}{{ 'a'|add:'<' }}{{ number|add:minus }}",
    "{{ x|upper }}{{ safe|upper }}",
    "{{ x|safe }}{{ x|escape }}{{ x|force_escape }}{{ missing|default:'<d>' }}{{ missing|default:x }}",
    "{{ thing.none|default_if_none:'n' }}{{ thing.gone|default_if_none:'n' }}{{ missing|default_if_none:'n' }}",
    "{{ missing|length }}",
    "{{ moment|date:'G:i' }}{{ day|date:'n/j' }}{{ moment|time:'H:i' }}{{ numbers|join:'<,>' }}{{ x|linebreaksbr }}",
    "{% autoescape off %}{{ x }}{{ number }}{% if x %}{{ thing.name|upper }}{% endif %}{% endautoescape %}{{ x }}",
    "{% if x %}1{% elif missing %}2{% else %}3{% endif %}{% if missing %}1{% elif thing.zero %}2{% else %}3{% endif %}",
    "{% if missing %}1{% endif %}{% if not missing %}2{% endif %}",
    "{% if missing.a == None %}3{% endif %}{% if 1 %}4{% endif %}",
    "{% if thing.zero or number > 5 and not thing.none %}1{% endif %}{% if 'x' in x and 'z' not in x %}2{% endif %}",
    "{% if x > 5 %}1{% else %}2{% endif %}{% if not x < 5 %}3{% endif %}",
    "{% if thing.none is None %}4{% endif %}{% if 1 in x %}5{% endif %}",
    "{% if number == 1234567 and float >= 1 and minus <= 0 and x != 'y' and yes is not False %}1{% endif %}",
    "{% if x|default:missing.deep %}1{% else %}2{% endif %}",
    "{% if missing|default:missing.deep %}1{% else %}2{% endif %}",
    "{% if thing.gone == '' %}1{% endif %}{% if thing.gone == None %}2{% endif %}",
    "{% if thing.delete == '' %}3{% endif %}",
    ("{% for n in numbers %}{{ n }}{{ forloop.counter }}{{ forloop.revcounter0 }}"
     "{% if forloop.last %}.{% else %},{% endif %}{% endfor %}"),
    "{% for n in numbers reversed %}{{ forloop.counter0 }}{{ forloop.revcounter }}{{ forloop.first }}{% endfor %}",
    "{{ n }}",
    "{% for n in nothing %}{{ n }}{% empty %}none {{ x }}{% endfor %}{% for n in missing %}{% empty %}none{% endfor %}",
    "{% for a, b in pairs %}{{ a }}={{ b }}{% if not forloop.last %};{% endif %}{% endfor %}",
    "{% for k, v in plain.items %}{{ k }}{{ v }}{% endfor %}{{ map.items }}",
    ("{% for a in pairs %}{% for b in numbers %}{{ forloop.parentloop.counter }}"
     "{{ forloop.counter }}{{ a.0 }} {% endfor %}{% endfor %}"),
    "{% for a in numbers %}{% for b in numbers %}{{ a }}{{ b }}{% endfor %}{{ forloop.counter }}{% endfor %}",
    "{{ forloop.counter }}",
    "{% for x in numbers %}{% with x='w' %}{{ x }}{% endwith %}{% for x in pairs %}{{ x.0 }}{% endfor %}{% endfor %}",
    "{{ x }}",
    "{% for l in iterator %}{{ l }}{{ forloop.revcounter }}{% endfor %}{% for c in x %}({{ c }}){% endfor %}",
    "{% for f in held %}{{ f }}{% endfor %}",
    "{% for x in numbers %}{% to 'today' as x %}{{ x }}{% endfor %}",
    "{% for n in numbers %}{% include 'part' with x=n %}{% endfor %}",
    "{% with a=x|upper b=missing %}{{ a }}{{ b }}{% include name %}{% endwith %}{{ a }}",
    "{% include 'part' %}{% include 'part' with y=x %}{% include 'part' only %}{% include 'part' with x=number only %}",
    "{% include 'folder/near' %}{% include 'changing' %}{% for n in numbers %}{% include 'changing' %}{% endfor %}",
    ("{% extends 'middle' %}{% block inner %}{{ block.super }}"
     "{{ x }}{% for n in numbers %}{{ n }}{% endfor %}{% endblock %}"),
    "{% extends 'base' %}{% block body %}{{ block.super }} mine{% block new %}new{% endblock %}{% endblock %}ignored",
    "{% url 'family' number %}{% url 'today' %}{% url 'family' household_id=3 %}",
    "{% url 'family' 'x' as to_it %}[{{ to_it }}]",
    "{% url 'today' as home %}{{ home }}{% to 'family' 7 %}{% static 'tsunagari/css/charts.css' %}",
    "{% static name as file %}{{ file }}",
    "{% icon 'trail' %}{% icon 'trail' 'のぞく' %}{% ruby x 'よみ' %}",
    "{% ruby safe %}{% ruby 'ア' 'あ' %}{% attrs data_id=number class='a<' %}",
    "{% load humanize %}{{ number|intcomma }}",
    "{% comment %}{{ x }}{% endcomment %}{# {{ x }} #}{% templatetag openblock %}",
    "{% regroup many by group as groups %}{% for g in groups %}{{ g.grouper }}{{ g.list|length }}{% endfor %}",
    "{% for n in numbers %}{% cycle 'odd' 'even' %}{% firstof missing n %}{% endfor %}",
    "{% spaceless %}<a> <b>{{ x }}{% endspaceless %}",
    "{% csrf_token %}{% query page=2 %}{% filter upper %}{{ x }}{% endfilter %}{% widthratio 1 2 100 %}{% now 'Y' %}",
]  # fmt: skip
RAISING = [
    "{{ thing.broken }}", "{% if thing.broken %}{% endif %}", "{% for a, b in bad %}{% endfor %}",
    "{{ x|add:missing.deep }}",
    "{% url 'family' 'no number' %}", "{% include 'not there' %}", "{% include missing %}", "{% url 'no such page' %}",
    "{% icon 'no such icon' %}", "{% for n in number %}{% endfor %}",
]  # fmt: skip


def said(loader: str, source: str) -> str:
    """What a page of `source` says, read by a loader."""
    own = engines["django"].engine
    inner = ("django.template.loaders.locmem.Loader", PARTS | {"page": source})
    engine = Engine(loaders=[(loader, [inner])], libraries=own.libraries, builtins=own.builtins[3:])
    context = Context(context_of() | {"csrf_token": "token", "request": RequestFactory().get("/?q=1&page=4")})
    return engine.get_template("page").render(context)


@pytest.mark.parametrize("source", SAME)
def test_a_function_says_what_django_says(source: str) -> None:
    assert said(OURS, source) == said(PLAIN, source)


@pytest.mark.parametrize("source", RAISING)
def test_a_function_fails_where_django_fails(source: str) -> None:
    with pytest.raises(Exception) as django:
        said(PLAIN, source)
    with pytest.raises(type(django.value)):
        said(OURS, source)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "-".join(path.parts[-2:]))
def test_every_template_of_the_product_is_a_function(path: Path) -> None:
    engine = engines["django"].engine
    assert isinstance(engine.template_loaders[0], cached.Loader)
    name = str(path).rpartition("/templates/")[2]
    assert isinstance(engine.get_template(name).nodelist, Written)


def test_widgets_of_forms_are_functions() -> None:
    template = get_default_renderer().get_template("django/forms/widgets/select.html").template
    assert isinstance(template.nodelist, Written)


def test_errors_are_shown_in_the_template_while_debugging() -> None:
    own = engines["django"].engine
    engine = Engine(loaders=own.loaders, libraries=own.libraries, builtins=own.builtins[3:], debug=True)
    assert not isinstance(engine.get_template("desk/family.html").nodelist, Written)
