"""Templates that are kept, and written out as functions when they are read."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import BaseRenderer, EngineMixin
from django.http import HttpRequest
from django.template import Context, Origin, Template
from django.template.backends.django import DjangoTemplates
from django.template.loaders import cached

from tsunagari.base.pagecode.nodes import rendered, write

_PLACES = ("django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader")


class Loader(cached.Loader):
    """Django's cached loader, whose templates are functions.

    Not while errors are to be shown in the template, nor when names that are not there are to be seen.
    """

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template: Template = super().get_template(template_name, skip)
        if not self.engine.debug and not self.engine.string_if_invalid:
            write(template)
        return template


class _Widgets(DjangoTemplates):
    """Django's engine for form fields, with our loader."""

    def __init__(self, params: dict[str, Any]) -> None:
        loader = f"{Loader.__module__}.{Loader.__qualname__}"
        super().__init__(params | {"APP_DIRS": False, "OPTIONS": {"loaders": [(loader, _PLACES)]}})


class Fields(EngineMixin, BaseRenderer):
    """Django's form fields, drawn by such templates."""

    backend = _Widgets

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """A record's form has some sixty widgets: what is set up for a page is not set up for each."""
        found: Any = self.get_template(template_name)
        template: Template = found.template
        inner = Context(context)
        inner.template = template
        return rendered(template, inner).strip()
