"""Databases of organisations that do not exist, many from each description in `domains/`, with questions about them.

domain.py    a description: kinds of table, their columns, and what people call them
design.py    one database of it: which tables and columns it has, and what they are named there
fill.py      its rows
written.py   what was written about them
source.py    the databases and their questions
"""

from microgt.data.invented.source import InventedSource

__all__ = ["InventedSource"]
