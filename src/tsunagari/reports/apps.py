from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "tsunagari.reports"

    def ready(self) -> None:
        from tsunagari.base import news
        from tsunagari.reports import access
        from tsunagari.reports.queries.news import reports_waiting

        news.tell(access.READ, reports_waiting)
