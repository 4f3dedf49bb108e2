"""Requests drawn from the OpenAPI, and specs drawn from the grammar: the server has an answer for each of them, and it is the one described."""

import random
from functools import cache

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from microgt.graph import Linker, build_graph
from microgt.schema.types import Schema
from microgt.serve.models import AskAnswer, Refined, SpecRun
from microgt.serve.problems import Problem
from microgt.serve.service import Service
from microgt.serve.settings import Settings
from microgt.spec import write_spec
from tests.product.scripted import AMOUNT, by_region
from tests.serve.scripted import Model
from tests.spec.strategies import random_spec

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
BARS = {"kind": "chart", "mark": "bar", "x": {"output": 0}, "y": {"output": 1}}
CLARIFY = {"kind": "clarify", "readings": [by_region(AMOUNT), by_region({**AMOUNT, "fn": "avg"})]}


@pytest.fixture(scope="module")
def client(serve, shop, tmp_path_factory):
    """The model proposes readings, then a chart: which of them comes depends on the question. There is a product to ask for."""
    folder = tmp_path_factory.mktemp("served")
    settings = Settings(workers=1, products=folder / "products", uploads=folder / "uploads")
    with serve(Service([shop], lambda: Model(CLARIFY, {**by_region(AMOUNT), "view": BARS}), settings)) as client:
        assert client.post("/products", json={"name": "known", "spec": by_region(AMOUNT)}).status_code == 201
        yield client


@pytest.fixture(scope="module")
def api(client):
    return schemathesis.openapi.from_dict(client.get("/openapi.json").json())


POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


@pytest.mark.parametrize(
    ("method", "address", "mode"),
    [
        ("GET", "/schema", POSITIVE),
        ("GET", "/schema", NEGATIVE),
        ("GET", "/suggestions", POSITIVE),
        ("POST", "/ask", POSITIVE),
        ("POST", "/refine", POSITIVE),
        ("POST", "/spec/run", POSITIVE),
        ("POST", "/spec/check", POSITIVE),
        ("POST", "/feedback", POSITIVE),
        ("POST", "/corrections", POSITIVE),
        ("POST", "/products", POSITIVE),
        ("POST", "/products/{name}/rollback", POSITIVE),
        ("POST", "/products/{name}/refresh", POSITIVE),
        ("POST", "/products/{name}/retire", POSITIVE),
        ("GET", "/products/{name}", POSITIVE),
        ("POST", "/products/{name}/thumb", POSITIVE),
        ("GET", "/products/{name}/chart", POSITIVE),
        ("GET", "/products/{name}/page", POSITIVE),
        ("GET", "/products/{name}/data", POSITIVE),
        ("GET", "/products", NEGATIVE),
        ("POST", "/databases", POSITIVE),
    ],
)
def test_whatever_is_sent_gets_a_described_answer(client, api, method, address, mode):
    operation = api[address][method]
    checks = [*CHECKS, negative_data_rejection] if mode is NEGATIVE else CHECKS

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=8, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    def holds(case):
        case.call_and_validate(base_url=str(client.base_url), checks=checks, timeout=300)

    holds()


@pytest.mark.parametrize("address", ["/health", "/health/live", "/metrics", "/products", "/databases"])
def test_addresses_without_parameters_answer_as_described(client, api, address):
    api[address]["GET"].Case().call_and_validate(base_url=str(client.base_url), checks=CHECKS, timeout=300)


NAMES = st.sampled_from(
    ["question", "db", "previous", "choose", "beam", "as_of", "spec", "words", "query", "outputs", "kind", "answer", "orders.amount"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NAMES | st.text(max_size=20)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=4))


@given(address=st.sampled_from(["/ask", "/refine", "/spec/run", "/spec/check"]), body=VALUES)
def test_any_json_is_answered_or_refused_as_a_problem(client, address, body):
    answer = client.post(address, json=body)
    assert answer.status_code in (200, 404, 422), answer.text
    if answer.status_code != 200:
        Problem.model_validate(answer.json())


@given(seed=st.integers(0, 2**32))
def test_every_spec_of_the_grammar_is_run_or_refused(client, shop, seed):
    spec = write_spec(random_spec(random.Random(seed), _scope(shop)))
    answer = client.post("/spec/run", json={"spec": spec})
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 200:
        SpecRun.model_validate(answer.json())


@given(question=st.text(min_size=1, max_size=60), as_of=st.dates())
def test_every_question_is_answered_or_refused(client, question, as_of):
    body = {"question": f"{question} amount", "as_of": as_of.isoformat()}
    answer: httpx.Response = client.post("/ask", json=body)
    assert answer.status_code == 200, answer.text
    AskAnswer.model_validate(answer.json())


@given(seed=st.integers(0, 2**32), words=st.sampled_from(["only south", "by month", "as a donut", "top 2", "average", "forecast 2 months"]))
def test_every_spec_of_the_grammar_is_changed_or_refused(client, shop, seed, words):
    spec = write_spec(random_spec(random.Random(seed), _scope(shop)))
    answer = client.post("/refine", json={"spec": spec, "words": words})
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 200:
        Refined.model_validate(answer.json())


@cache
def _scope(shop):
    schema = Schema.from_duckdb(shop)
    return build_graph("total amount above 20 in 'south' since 2024-02-01", schema, Linker(schema)).scope
