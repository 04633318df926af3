"""The WSGI application that the server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsunagari.config.settings")
os.environ.setdefault("TSUNAGARI_PREPARED", "1")
application = get_wsgi_application()

# What is loaded now stays: the collector need not look at it again with every few hundred objects of a request.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
