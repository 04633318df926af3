from django.apps import AppConfig


class InteropConfig(AppConfig):
    name = "tsunagari.interop"

    def ready(self) -> None:
        from tsunagari.base import news
        from tsunagari.interop import (
            access,
            schedule,  # noqa: F401  the worker finds tasks.py by itself, not this
        )
        from tsunagari.interop.queries.waiting import imports_waiting

        news.tell(access.READ_IMPORTS, imports_waiting)
