from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "tsunagari.places"

    def ready(self) -> None:
        from tsunagari.places import schedule  # noqa: F401  the worker finds tasks.py by itself, not this
