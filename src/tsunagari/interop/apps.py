from django.apps import AppConfig


class InteropConfig(AppConfig):
    name = "tsunagari.interop"

    def ready(self) -> None:
        from tsunagari.interop import schedule  # noqa: F401  the worker finds tasks.py by itself, not this
