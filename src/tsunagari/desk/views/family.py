"""The family page: head, time line, what is due; and the same on paper."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import render
from tsunagari.encounters import queries as encounters
from tsunagari.families import access as families_access
from tsunagari.families import queries as families
from tsunagari.families.models import Household
