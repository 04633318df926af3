"""今日: what came in, what is due, what is late; each line one click from being done."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tsunagari.accounts import sessions
from tsunagari.base import clock
from tsunagari.base.access import Role
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import render
from tsunagari.desk import access
from tsunagari.encounters import queries as encounters
