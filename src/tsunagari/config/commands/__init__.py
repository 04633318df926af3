"""One module for each subcommand of ``tsunagari``; each has ``add_parser(subparsers)``, which sets ``run``.

``run(options)`` returns the exit code, or None for 0. Modules import Django and the database inside
``run``, so that ``tsunagari --help`` stays quick.
"""
