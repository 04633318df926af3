"""Old rosters: read a messy sheet, map its columns, match its families, bring them in, take them out again (D8)."""
