"""The access matrix as a page, written from the actions the apps declare.

`python -m tsunagari.accounts.matrix` prints it; docs/reference/access-matrix.md is tested to be the same.
"""

from __future__ import annotations

from tsunagari.base.access import LABELS, SCOPES, Role, registry

SCOPE_WORDS = {"agency": "own agency", "municipality": "whole town", "none": "no families"}

HEAD = """# Access matrix

Who may do what. Each row is one action: the permission, the event on the trail and the id in tests have this
name. Written by `python -m tsunagari.accounts.matrix` from each app's `access.py`; do not edit by hand. How far
a role sees single families is the matter of `visible_to` (see the specification of the ground floor).
"""


def render() -> str:
    """The page as Markdown, with a newline at its end."""
    roles = list(Role)
    lines = [
        "| action | what | kind | " + " | ".join(f"{LABELS[role]} ({role.value})" for role in roles) + " |",
        "|---|---|---|" + "---|" * len(roles),
    ]
    for action in registry().values():
        marks = " | ".join("o" if role in action.roles else "" for role in roles)
        lines.append(
            f"| `{action.name}` | {action.label} | {'changes' if action.writes else 'reads'} | {marks} |"
        )
    sight = " | ".join(SCOPE_WORDS[SCOPES[role]] for role in roles)
    lines.append(f"| *families in sight* | | | {sight} |")
    return HEAD + "\n" + "\n".join(lines) + "\n"


def main() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsunagari.config.settings")
    django.setup()
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - loading the addresses loads every access.py
    print(render(), end="")


if __name__ == "__main__":
    main()
