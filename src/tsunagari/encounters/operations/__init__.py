"""What people do at an encounter: check in, write, correct, follow up."""

from tsunagari.encounters.operations import drafts, records, visits

__all__ = ["drafts", "records", "visits"]
