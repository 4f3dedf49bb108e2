"""English names of months and weekdays, in calendar order; weeks start on Monday."""

from __future__ import annotations

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAMED_PARTS = {"month_name": ("month", MONTHS), "weekday_name": ("weekday", WEEKDAYS)}  # part -> the part that numbers it, its names
