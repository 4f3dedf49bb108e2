"""A look at raw data before they are used: what is in them, what is wrong with them, and what they can bear."""

from microgt.profile.facts import Column, Dates, Join, Profile, Table
from microgt.profile.make import profile

__all__ = ["Column", "Dates", "Join", "Profile", "Table", "profile"]
