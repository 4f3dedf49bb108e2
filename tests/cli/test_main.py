"""The shell of the command: verbs, exit statuses, one-line errors."""

import errno
import sys
import types

import pytest

from microgt.cli import main as cli
from microgt.errors import DataError, NotAnswerable


@pytest.fixture
def verb(monkeypatch):
    """Installs a verb `fake` whose run is the given function."""

    def install(run):
        module = types.ModuleType("fake_verb")
        module.add_arguments = lambda parser: parser.add_argument("words", nargs="*")
        module.run = run
        monkeypatch.setitem(sys.modules, "fake_verb", module)
        monkeypatch.setitem(cli.VERBS, "fake", ("fake_verb", "a verb for tests"))

    return install


def raising(error):
    def run(args):
        raise error

    return run


def one_line(capsys) -> str:
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


def test_help_lists_every_verb(capsys):
    assert cli.main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"  {name} " in text for name in cli.VERBS)


def test_no_verb_is_misuse(capsys):
    assert cli.main([]) == 2
    assert "usage: microgt VERB" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(cli.VERBS))
def test_every_verb_has_help(name, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main([name, "--help"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: microgt {name}")


def test_an_unknown_verb_names_the_near_one_and_all(capsys):
    assert cli.main(["evalute"]) == 2
    text = one_line(capsys)
    assert "unknown verb 'evalute'; did you mean 'evaluate' or 'ablate'?" in text
    assert "import-sql" in text


def test_an_unknown_option_is_one_line(capsys):
    assert cli.main(["version", "--shrot"]) == 2
    assert "unrecognized arguments: --shrot (see: microgt version --help)" in one_line(capsys)


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (DataError("shop.duckdb has no tables"), 2, "microgt: shop.duckdb has no tables\n"),
        (NotAnswerable("nothing found"), 3, "microgt: nothing found\n"),
        (KeyboardInterrupt(), 130, "microgt: interrupted\n"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "a.json"), 2, "microgt: a.json: No such file or directory\n"),
        (DataError("two\nlines"), 2, "microgt: two lines\n"),
        (ModuleNotFoundError("No module named 'torch'", name="torch.nn"), 2, None),
    ],
)
def test_errors_become_one_line_and_a_status(verb, capsys, error, status, text):
    verb(raising(error))
    assert cli.main(["fake"]) == status
    expected = text or "microgt: microgt fake needs the extra 'train': pip install 'microgt[train]'\n"
    assert one_line(capsys) == expected


def test_a_fault_in_the_program_keeps_its_traceback(verb):
    verb(raising(ZeroDivisionError("bug")))
    with pytest.raises(ZeroDivisionError):
        cli.main(["fake"])


def test_the_status_of_a_verb_is_passed_on(verb):
    verb(lambda args: len(args.words))
    assert cli.main(["fake", "one"]) == 1


def test_version(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("microgt ")
    assert cli.main(["version"]) == 0
    assert "duckdb" in capsys.readouterr().out
