"""How much a page costs that shows some of very many rows: statements and bytes, which may not grow with the rows."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


class Cost(NamedTuple):
    statements: int
    size: int
    text: str


def cost(client: Client, url: str, **headers: str) -> Cost:
    """Of a page asked for the second time: the first fills what is remembered between requests."""
    client.get(url, headers=headers)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url, headers=headers)
    assert answer.status_code == 200, answer.status_code
    return Cost(len(asked), len(answer.content), answer.content.decode())
