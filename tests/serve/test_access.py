"""Who may ask, and how slowly."""

import socket

import pytest

from microgt.cli.main import main
from microgt.errors import ConfigError
from microgt.serve.auth import is_loopback, named_tokens, refuse_open
from microgt.serve.service import Service
from microgt.serve.settings import Settings
from tests.product.scripted import AMOUNT, by_region
from tests.serve.scripted import Model


def model():
    return Model(by_region(AMOUNT))


def test_with_a_token_only_its_bearer_is_answered(serve, shop):
    with serve(Service([shop], model, Settings(workers=1, token="s3crét"))) as client:

        def status(address, **headers):
            return client.get(address, headers={name: value.encode() for name, value in headers.items()}).status_code

        assert status("/schema", Authorization="Bearer s3crét") == 200
        assert status("/schema", Authorization="bearer s3crét", Host="elsewhere") == 200
        refused = client.get("/schema")
        assert (refused.status_code, refused.json()["code"], refused.headers["WWW-Authenticate"]) == (401, "E_TOKEN", "Bearer")
        for header in ("Bearer s3cret", "Bearer s3crét2", "Bearer", "Basic s3crét", "s3crét", "\xff\xfe"):
            assert status("/schema", Authorization=header) == 401, header
        assert client.post("/ask", content=b"x" * 100_000).status_code == 401
        assert {status(address) for address in ("/openapi.json", "/metrics", "/nowhere", "/health/more")} == {401}
        assert (status("/health"), status("/health/live")) == (200, 204)
        document = client.get("/openapi.json", headers={"Authorization": "Bearer s3crét".encode()}).json()
    assert document["components"]["securitySchemes"]["HTTPBearer"] == {"type": "http", "scheme": "bearer"}
    assert document["paths"]["/ask"]["post"]["security"] == [{"HTTPBearer": []}]
    assert "security" not in document["paths"]["/health"]["get"]


def test_without_one_only_this_machine_is_answered(serve, shop):
    with serve(Service([shop], model, Settings(workers=1))) as client:
        for host in ("localhost", "127.0.0.1:80", "[::1]:8000"):
            assert client.get("/schema", headers={"Host": host}).status_code == 200, host
        for host in ("evil.example", "localhost.evil.example:8000", ""):
            refused = client.get("/schema", headers={"Host": host})
            assert (refused.status_code, refused.json()["code"]) == (421, "E_HOST"), host


def test_a_body_that_does_not_come(serve, shop):
    with serve(Service([shop], model, Settings(workers=1, seconds=0.3))) as client:
        with socket.create_connection((client.base_url.host, client.base_url.port)) as raw:
            raw.sendall(b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
            answer = raw.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 408")
        assert b"E_SLOW_BODY" in answer
        assert 'microgt_refused_total{code="E_SLOW_BODY"} 1.0' in client.get("/metrics").text


def test_tokens_have_names():
    assert named_tokens(" ana=x=y\nben=z ") == {"ana": "x=y", "ben": "z"}
    assert named_tokens("") == {}
    for text in ("ana", "ana=", "=x", "ana=x ana=y"):
        with pytest.raises(ConfigError, match="of MICROGT_TOKENS is not NAME=TOKEN"):
            named_tokens(text)


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("example.org", False)],
)
def test_hosts_that_others_reach_need_a_token(host, own):
    assert is_loopback(host) is own
    refuse_open(host, "secret", allowed=False)
    refuse_open(host, None, allowed=True)
    if own:
        refuse_open(host, None, allowed=False)
    else:
        with pytest.raises(ConfigError, match="can be reached from other machines, and no token is set: set MICROGT_TOKEN"):
            refuse_open(host, None, allowed=False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "0.0.0.0 can be reached from other machines"),
        (["--queue", "0"], "expected a whole number from 1, not '0'"),
        (["--timeout", "nan"], "expected seconds above 0 and up to 3600, not 'nan'"),
        ([], "no database at gone.duckdb"),
    ],
)
def test_the_command_says_what_is_wrong_before_it_serves(arguments, said, monkeypatch, capsys):
    monkeypatch.delenv("MICROGT_TOKEN", raising=False)
    assert main(["serve", "gone.duckdb", *arguments]) == 2
    assert said in capsys.readouterr().err
