"""Finding one family under two households (D8): Splink on DuckDB, people first, then the households they are in.

`town` reads it, `frames` is one row a person · `keys` what of a name, an address and a nickname is compared ·
`model` the one definition for DuckDB and Spark · `engine` runs it · `households` weighs what several people of
two households say together. Nothing here writes, and nothing is joined; people are told by rules.sameness.
"""
