"""The WSGI application that the server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsunagari.config.settings")
os.environ.setdefault("TSUNAGARI_PREPARED", "1")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402  Django has to be set up first

from tsunagari.base.warming import warm  # noqa: E402
from tsunagari.config.database import CONNECTIONS  # noqa: E402

if not settings.DEBUG:
    warm(times=2 * CONNECTIONS)  # a statement is prepared when it comes a second time
