"""The product's own settings on a database made for this test process."""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack

os.environ["TSUNAGARI_TESTING"] = "1"
os.environ["TSUNAGARI_PREPARED"] = "1"
os.environ.pop("TSUNAGARI_DEMO", None)
os.environ.pop("TSUNAGARI_DEBUG", None)

from tsunagari.config import database

_running = ExitStack()
_running.enter_context(database.in_use())
atexit.register(_running.close)

from tests.database import database_name  # noqa: E402
from tsunagari.config.settings import *  # noqa: E402, F403

DATABASES = {"default": database.django_settings("web", name=database_name())}
# What these tests commit need not outlive a power cut; that the product's does is tested on a server of its own.
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
