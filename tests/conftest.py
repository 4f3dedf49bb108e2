"""Options of the test run, and how many random examples each property is tried on.

`HYPOTHESIS_PROFILE=ci` (the default: the same few each time) or `nightly` (thousands, others each time).
"""

import os

import pytest
from hypothesis import HealthCheck, settings

COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
settings.register_profile("ci", derandomize=True, database=None, max_examples=30, **COMMON)
settings.register_profile("nightly", max_examples=300, print_blob=True, **COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser):
    parser.addoption("--rewrite", action="store_true", help="write the SQL under tests/fixtures/dialects anew instead of comparing with it")


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory):
    """No test writes into the logs of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MICROGT_HOME", str(tmp_path_factory.getbasetemp() / "home"))
        yield
