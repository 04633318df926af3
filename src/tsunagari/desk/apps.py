from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tsunagari.desk"

    def ready(self) -> None:
        from tsunagari.base.warming import before_serving
        from tsunagari.desk.rehearsal import rehearse

        before_serving(rehearse)
