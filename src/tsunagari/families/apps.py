from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    name = "tsunagari.families"

    def ready(self) -> None:
        from tsunagari.families import schedule  # noqa: F401  the worker finds tasks.py by itself, not this
