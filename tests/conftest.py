"""Options of the test run, and how many random examples each property is tried on.

`HYPOTHESIS_PROFILE=ci` (the default: the same few each time) or `nightly` (thousands, others each time).
"""

import os

from hypothesis import HealthCheck, settings

COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
settings.register_profile("ci", derandomize=True, database=None, max_examples=30, **COMMON)
settings.register_profile("nightly", max_examples=2000, print_blob=True, **COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser):
    parser.addoption("--rewrite", action="store_true", help="write the SQL under tests/fixtures/dialects anew instead of comparing with it")
