"""Lines that are written stay, whoever else writes and whoever is killed."""

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from microgt.audit.events import Asked, Judged
from microgt.audit.log import FileLog, NoLog, fault_of, folder_of, log_file, log_of
from microgt.errors import DataError
from microgt.lines import append_line, read_lines

ASKED = Asked(question="total amount?", intent="answer", sql="SELECT 1", rows=1, data_version="v", confidence=0.5)


@pytest.fixture
def log(tmp_path):
    return FileLog(tmp_path / "there" / "log.jsonl")


def test_events_come_back_as_they_were_noted(log):
    assert list(log.events()) == []
    judged = Judged(question="total amount?", spec=None, thumb="down", by="ada")
    log.note(ASKED)
    log.note(judged)
    assert list(log.events()) == [ASKED, judged]


def test_a_line_that_was_cut_off_spoils_no_other(log):
    log.note(ASKED)
    with log.path.open("a") as file:
        file.write('{"event": "asked", "question": "half a l')
    assert list(log.events()) == [ASKED]
    log.note(ASKED)
    assert list(log.events()) == [ASKED, ASKED]


def test_lines_of_other_versions_are_left_out(log):
    append_line(log.path, {"event": "dreamt", "question": "x"})
    append_line(log.path, [1])
    log.note(ASKED)
    assert list(log.events()) == [ASKED]


def test_lines_that_say_no_origin_are_read(log):
    append_line(log.path, {"at": "2026-01-01T00:00:00Z", "by": "", "event": "asked", "question": "x", "intent": "answer", "spec": {}})
    append_line(log.path, {"at": "2026-01-01T00:00:00Z", "by": "", "event": "judged", "question": "x", "spec": {}, "thumb": "up"})
    asked, judged = log.events()
    assert (asked.origin, judged.origin) == ("question", None)


def test_half_a_character_is_kept_as_its_escape(tmp_path):
    append_line(tmp_path / "lines", "caf\u00e9 \udc80")
    assert (tmp_path / "lines").read_bytes() == '"caf\u00e9 \\udc80"\n'.encode()
    assert list(read_lines(tmp_path / "lines")) == ["caf\u00e9 \udc80"]


def test_writers_take_turns(tmp_path):
    path = tmp_path / "lines"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: append_line(path, [n, "x" * 20_000]), range(40)))
    assert sorted(line[0] for line in read_lines(path)) == list(range(40))
    assert path.read_bytes().count(b"\n") == 40


def test_what_was_acknowledged_survives_a_kill(tmp_path):
    path = tmp_path / "lines"
    code = "import sys; from pathlib import Path; from microgt.lines import append_line\nn = 0\n"
    code += "while True: append_line(Path(sys.argv[1]), [n, 'x' * 5000]); print(n, flush=True); n += 1"
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        for _ in range(5):
            last = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split()
    last = max([last, *map(int, rest)])
    assert [line[0] for line in read_lines(path)][: last + 1] == list(range(last + 1))


def test_what_cannot_be_noted_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    log = FileLog(tmp_path / "file" / "log.jsonl")
    with pytest.raises(DataError, match="cannot write"):
        log.note(ASKED)
    assert (fault_of(log, ASKED) or "").startswith(f"not logged: cannot write {log.path}: ")
    assert fault_of(NoLog(), ASKED) is None


def test_each_database_has_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROGT_HOME", str(tmp_path / "home"))
    (tmp_path / "a").mkdir()
    one, other = folder_of(tmp_path / "my shop.duckdb"), folder_of(tmp_path / "a" / "my shop.duckdb")
    assert one != other
    assert one.parent == tmp_path / "home"
    assert one.name.startswith("my_shop-")
    monkeypatch.chdir(tmp_path / "a")
    assert folder_of("my shop.duckdb") == other


def test_it_can_be_turned_off(tmp_path, monkeypatch):
    assert isinstance(log_of(tmp_path / "shop.duckdb", on=False), NoLog)
    monkeypatch.setenv("MICROGT_LOG", "off")
    log_of(tmp_path / "shop.duckdb").note(ASKED)
    assert list(log_file(tmp_path / "shop.duckdb").events()) == []
    monkeypatch.delenv("MICROGT_LOG")
    log_of(tmp_path / "shop.duckdb").note(ASKED)
    (event,) = log_file(tmp_path / "shop.duckdb").events()
    assert json.loads(event.model_dump_json())["at"].endswith("Z")
