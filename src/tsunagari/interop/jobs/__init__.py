"""What the worker does with imports; each job opens its own transaction."""

from tsunagari.interop.jobs.imports import (
    UNKNOWN,
    apply,
    finish,
    keep_result,
    preview,
    stop,
    target_of,
)

__all__ = ["UNKNOWN", "apply", "finish", "keep_result", "preview", "stop", "target_of"]
