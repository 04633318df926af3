"""Japanese text, dates, times and codes: pure functions, no database, no framework.

`text` names, kana, search keys, phones and post codes; `dates` reading and writing dates (with `ages`
for age, fiscal year and school year); `times` clock times and weekdays; `codes` check digits.
"""
