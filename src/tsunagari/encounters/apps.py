from django.apps import AppConfig


class EncountersConfig(AppConfig):
    name = "tsunagari.encounters"

    def ready(self) -> None:
        from tsunagari.encounters import schedule  # noqa: F401  the worker finds tasks.py by itself, not this
