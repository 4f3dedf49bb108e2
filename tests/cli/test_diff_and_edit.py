"""`microgt diff` and `microgt edit`: differences in words and as a patch, patches that are checked before they are applied."""

import io
import json

import pytest

from microgt.cli.main import main
from tests.product.scripted import AMOUNT, ORDERS, UNKNOWN, by_region, make_shop

LIMIT = [{"op": "add", "path": "/query/limit", "value": {"kind": "limit", "n": 1}}]


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """A verb in a folder with the shop and some specs: call(*arguments) -> status, out, err."""
    make_shop(tmp_path / "shop.duckdb")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    for name, content in (("amount", by_region(AMOUNT)), ("orders", by_region(ORDERS)), ("wrong", UNKNOWN), ("patch", LIMIT)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))

    def called(*argv):
        status = main(list(argv))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return called


def test_differences_in_words(call):
    said = "changed the measure: it was the total orders amount, and is the number of orders"
    assert call("diff", "amount.json", "orders.json", "shop.duckdb") == (0, f"{said}\n", "")
    status, out, _ = call("diff", "amount.json", "orders.json", "shop.duckdb", "--json")
    assert (status, json.loads(out)) == (
        0,
        [{"part": "measure", "before": "the total orders amount", "after": "the number of orders", "words": said}],
    )
    assert call("diff", "amount.json", "amount.json", "shop.duckdb") == (0, "", "")


def test_without_a_database_the_difference_is_a_patch_that_edit_takes(call, tmp_path):
    status, out, _ = call("diff", "amount.json", "orders.json")
    (tmp_path / "patch.json").write_text(out)
    assert [operation["op"] for operation in json.loads(out)]
    status, out, err = call("edit", "amount.json", "patch.json", "shop.duckdb")
    (tmp_path / "edited.json").write_text(out)
    assert (status, err) == (0, "")
    assert call("diff", "edited.json", "orders.json") == (0, "[]\n", "")


def test_an_edit_is_printed_and_the_spec_stays(call, tmp_path, monkeypatch):
    before = (tmp_path / "amount.json").read_text()
    status, out, _ = call("edit", "amount.json", "patch.json", "shop.duckdb")
    assert (status, json.loads(out)["query"]["limit"]) == (0, {"kind": "limit", "n": 1})
    assert (tmp_path / "amount.json").read_text() == before
    monkeypatch.setattr("sys.stdin", io.StringIO(out))
    assert call("diff", "amount.json", "-", "shop.duckdb") == (0, "added the limit: the first row\n", "")


@pytest.mark.parametrize(
    ("operations", "text"),
    [
        (
            [{"op": "replace", "path": "/query/outputs/0", "value": "customers.regoin"}],
            "E_UNKNOWN_ID at /query/outputs/0/column: after operation 0 (replace /query/outputs/0): "
            "unknown column 'regoin' in customers; did you mean 'region'?",
        ),
        (
            [*LIMIT, {"op": "remove", "path": "/query/where"}],
            "E_PATCH at /query/where: operation 1 (remove /query/where): can't remove a non-existent object 'where'; "
            "there: kind, outputs, sort, limit",
        ),
        ({"op": "remove"}, "E_PATCH: a patch is a list of operations, not dict"),
    ],
)
def test_an_edit_that_is_not_right_is_refused(call, tmp_path, operations, text):
    (tmp_path / "patch.json").write_text(json.dumps(operations))
    assert call("edit", "amount.json", "patch.json", "shop.duckdb") == (2, "", f"microgt: {text}\n")


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (("diff", "-", "-", "shop.duckdb"), "standard input holds one spec: give a file for the other"),
        (("edit", "-", "-", "shop.duckdb"), "standard input holds the spec or the patch: give a file for the other"),
        (("diff", "amount.json", "gone.json"), "gone.json: No such file or directory"),
        (("edit", "amount.json", "patch.json"), "the following arguments are required: DB (see: microgt edit --help)"),
        (
            ("diff", "amount.json", "wrong.json", "shop.duckdb"),
            "E_UNKNOWN_ID at /query/outputs/0/column: unknown column 'amonut' in orders; did you mean 'amount'?",
        ),
    ],
)
def test_bad_input_is_one_line(call, argv, text):
    assert call(*argv) == (2, "", f"microgt: {text}\n")
