"""What happened on a date, by the name of its column: `signed_up_at` signed up, `hire_date` hired, `delivery_day` delivered."""

from __future__ import annotations

from collections.abc import Sequence

_MARKS = {"date", "at", "on", "day", "time", "ts", "dt", "timestamp", "datetime", "when", "utc"}
_IRREGULAR = {
    "paid",
    "sold",
    "sent",
    "born",
    "held",
    "made",
    "left",
    "built",
    "begun",
    "bought",
    "due",
    "met",
    "won",
    "lost",
    "taken",
    "seen",
}
_BEHIND = {"up", "off", "out", "in", "down", "back"}
_NOUNS = {
    "start": ("started", "began"), "begin": ("began", "started"), "end": ("ended",), "finish": ("finished",), "order": ("ordered", "placed"),
    "purchase": ("purchased", "bought"), "hire": ("hired",), "hiring": ("hired",), "birth": ("born",), "death": ("died",), "sale": ("sold",),
    "invoice": ("invoiced", "billed"), "issue": ("issued",), "delivery": ("delivered",), "ship": ("shipped",), "shipping": ("shipped",),
    "shipment": ("shipped",), "return": ("returned",), "payment": ("paid",), "creation": ("created",), "create": ("created",),
    "registration": ("registered",), "signup": ("signed up",), "join": ("joined",), "joining": ("joined",), "opening": ("opened",),
    "open": ("opened",), "closing": ("closed",), "close": ("closed",), "launch": ("launched",), "release": ("released",), "booking": ("booked",),
    "cancellation": ("cancelled",), "cancel": ("cancelled",), "expiry": ("expired",), "expiration": ("expired",), "visit": ("visited",),
    "enrollment": ("enrolled",), "enrolment": ("enrolled",), "admission": ("admitted",), "discharge": ("discharged",), "settlement": ("settled",),
    "completion": ("completed",), "application": ("applied",), "submission": ("submitted",), "approval": ("approved",), "publication": ("published",),
    "contract": ("signed",), "receipt": ("received",), "departure": ("departed",), "arrival": ("arrived",), "founding": ("founded",),
    "termination": ("terminated",), "renewal": ("renewed",), "transaction": ("made",), "request": ("requested",), "report": ("reported",),
    "inspection": ("inspected",), "installation": ("installed",), "churn": ("churned",), "resolution": ("resolved",), "refund": ("refunded",),
}  # fmt: skip

_DONE = {
    "created": "creation", "closed": "closing", "cancelled": "cancellation", "delivered": "delivery", "shipped": "shipping", "resolved": "resolution",
    "paid": "payment", "approved": "approval", "completed": "completion", "installed": "installation", "inspected": "inspection", "settled": "settlement",
    "submitted": "submission", "registered": "registration", "processed": "processing", "answered": "answering", "returned": "return",
    "repaired": "repair", "published": "publication", "renewed": "renewal", "refunded": "refund", "hired": "hiring", "collected": "collection",
}  # fmt: skip
_HAPPENS = {
    "began",
    "ended",
    "expired",
    "died",
    "departed",
    "arrived",
    "left",
    "churned",
    "joined",
    "applied",
    "due",
    "started",
    "born",
    "visited",
    "enrolled",
}


def participles(words: Sequence[str]) -> tuple[str, ...]:
    """The verbs of a date column with these words in its name; none where the name has no verb."""
    rest = [w for w in words if w not in _MARKS]
    for i, word in enumerate(rest):
        if word in _IRREGULAR or (word.endswith("ed") and len(word) > 4):
            following = rest[i + 1 : i + 2]
            return (" ".join([word, *(w for w in following if w in _BEHIND)]),)
    return next((_NOUNS[word] for word in reversed(rest) if word in _NOUNS), ())


def noun_of(participle: str) -> str:
    """The noun of what is done: `resolved` resolution, `delivered` delivery; an empty text where there is none that people put before `time`."""
    return _DONE.get(participle, "")


def can_be(participle: str) -> bool:
    """Whether something can be so: a ticket is closed, and does not "is began"."""
    return participle not in _HAPPENS
