"""The log of a database: what was asked, answered, judged, corrected and deployed, one JSON line an event, never changed.

events.py   what a line says
log.py      writing and reading
minutes.py  from a question to a deployed product
"""
