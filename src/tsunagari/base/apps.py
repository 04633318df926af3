from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "tsunagari.base"

    def ready(self) -> None:
        from tsunagari.base import checks  # noqa: F401  registers the check
