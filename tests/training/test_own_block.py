"""README's own variant of attention, from files outside the package: trained, refused unless it is named, loaded when it is."""

import json
import re
import shlex
import sys
from pathlib import Path

import duckdb
import pytest

import microgt
from microgt.cli.main import main
from microgt.errors import CheckpointError

README = (Path(microgt.__file__).parents[1] / "README.md").read_text(encoding="utf-8")
PASSAGE = README.partition("A variant of your own")[2].partition("**Analytics: a product.**")[0]
FILES = re.findall(r"^```\w+\n# (\S+)\n(.*?)^```$", PASSAGE, flags=re.MULTILINE | re.DOTALL)
(COMMAND,) = re.findall(r"^```sh\n(.*)\n```$", PASSAGE, flags=re.MULTILINE)


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """A folder with README's two files and some questions, from which the command line is called."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MICROGT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "my_blocks", raising=False)
    for name, text in FILES:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    Path("questions").mkdir()
    with duckdb.connect("questions/shop.duckdb") as connection:
        connection.execute("CREATE TABLE orders AS SELECT range AS id, range * 2.5 AS amount FROM range(4)")
    lines = [
        {"id": f"q{i}", "question": f"orders above {i}", "db": "shop.duckdb", "query": f"SELECT id FROM orders WHERE amount > {i}"}
        for i in range(8)
    ]
    Path("questions/questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    yield tmp_path
    sys.modules.pop("my_blocks", None)


def test_the_passage_is_short():
    assert [name for name, _ in FILES] == ["my_blocks.py", "conf/model/encoder/attention/mean.yaml"]
    assert len(PASSAGE.partition("```python")[2].rpartition("```")[0].splitlines()) <= 20


def test_a_variant_takes_one_file_and_one_yaml(outside, capfd):
    program, *arguments = shlex.split(COMMAND)
    assert program == "microgt"
    assert main([*arguments, "training.steps=2", "training.batch_size=4", "evaluate=null"]) == 0
    with pytest.raises(CheckpointError, match=r"my_blocks.MeanAttention.*is outside.*allow=\['my_blocks'\] for a checkpoint"):
        microgt.load("runs/mean/checkpoint")
    with microgt.load("runs/mean/checkpoint", allow=["my_blocks"]) as asker:
        layer = asker._predictor.checkpoint.model.encoder.layers[0]
        assert type(layer.attention).__name__ == "MeanAttention"
    with pytest.raises(CheckpointError, match="is outside"):  # trust does not outlive the call
        microgt.load("runs/mean/checkpoint")
    evaluated = ["evaluate", "checkpoint=runs/mean", "data=folder", "data.path=questions", "split=train", "limit=1", "beam=1", "workers=1"]
    assert main(evaluated) == 2
    assert "is outside" in capfd.readouterr().err
    assert main([*evaluated, "packages=[my_blocks]"]) == 0
    asked = ["ask", "questions/shop.duckdb", "orders above 3", "--checkpoint", "runs/mean"]
    assert main(asked) == 2
    assert "is outside" in capfd.readouterr().err
    main([*asked, "--allow", "my_blocks"])  # what two steps of training have to say is another matter
    assert "is outside" not in capfd.readouterr().err


def described(*arguments, capsys):
    status = main(["describe", "model=nano", *arguments])
    captured = capsys.readouterr()
    return status, captured.out + captured.err


def test_what_is_said_of_wrong_names(outside, capsys):
    own = ("--config-dir", "conf", "model/encoder/attention=mean")
    assert described(*own, "packages=[my_blocks]", capsys=capsys)[0] == 0
    status, text = described(*own, capsys=capsys)
    assert status == 2
    assert "packages=[my_blocks] in a configuration" in text
    assert "no module 'my_block' where Python looks" in described(*own, "packages=[my_block]", capsys=capsys)[1]
    assert "'os' is a part of Python" in described(*own, "packages=[os]", capsys=capsys)[1]
    assert "no folder confs" in described("--config-dir", "confs", capsys=capsys)[1]
    assert "did you mean 'mean'" in described(*own[:2], "model/encoder/attention=meen", capsys=capsys)[1]
    assert (
        "MeanAttention has no argument 'dims'; did you mean 'dim'"
        in described(*own, "packages=[my_blocks]", "+model.encoder.attention.dims=3", capsys=capsys)[1]
    )
