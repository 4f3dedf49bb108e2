"""Options of the test run."""


def pytest_addoption(parser):
    parser.addoption("--rewrite", action="store_true", help="write the SQL under tests/fixtures/dialects anew instead of comparing with it")
