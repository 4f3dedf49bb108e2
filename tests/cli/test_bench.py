"""`microgt bench attention`: what it prints on a machine without a GPU, and its answers to bad input."""

import pytest
import torch

from microgt.cli import bench_attention as bench
from microgt.cli.main import main
from microgt_kernels.measure import Pass, by_kernel
from microgt_kernels.roofline import H100, Shape, forward_kernels


@pytest.mark.skipif(torch.cuda.is_available(), reason="for machines without a GPU")
def test_paper_and_measured_tables(capsys):
    assert main(["bench", "attention", "--shapes", "1,2,8,16", "--repeats", "1", "--values", "--relations", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "there is no GPU" in lines[0]
    paper = next(
        i for i, line in enumerate(lines) if line.startswith("H100 SXM, nominal: B,H,N,D = 1,2,8,16, 5 relations and their values")
    )
    here = next(i for i, line in enumerate(lines) if line.startswith("this CPU, "))
    kernels = [tuple(line.split()[:2]) for line in lines[paper + 2 : here - 1]]
    assert kernels == [
        *(("forward", kernel) for kernel in ("table", "forward", "weights", "histogram", "all")),
        *(("backward", kernel) for kernel in ("queries", "keys", "histogram", "table", "all")),
    ]
    for line in lines[here + 2 :]:
        *_, expected, _, measured, ratio = line.split()
        assert float(expected) >= 0
        assert float(measured) > 0
        assert float(ratio) > 0
    assert len(lines[here + 2 :]) == 2


def test_measured_kernels_stand_beside_what_is_expected():
    shape = Shape(64, 8, 256, 64)
    expected = {name: work.seconds(H100) for name, work in forward_kernels(shape).items()}
    found = {"forward": Pass(1e-3, {name: 2 * seconds for name, seconds in expected.items()})}
    table = bench._table(shape, H100, found)
    rows = list(zip(*(list(column.cells) for column in table.columns), strict=True))
    assert [row[-1] for row in rows if row[0] == "forward" and row[1] != "all"] == ["2.0", "2.0"]
    assert [row[-2:] for row in rows if row[0] == "forward" and row[1] == "all"] == [("1.000", f"{1e-3 / sum(expected.values()):.1f}")]
    assert all(row[-1] == "" for row in rows if row[0] == "backward")


def test_what_is_no_kernel_of_ours_is_work_on_tables():
    times = [("forward_kernel", 3.0), ("void at::native::gemm_kernel<float>", 1.0), ("ampere_sgemm", 0.5), ("histogram_kernel", 2.0)]
    assert by_kernel(times) == {"forward": 3.0, "table": 1.5, "histogram": 2.0}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--shapes", "1,2"], "--shapes takes B,H,N,D, four positive numbers such as 16,8,128,32; '1,2' is not that"),
        (["--shapes", "1,2,0,16"], "'1,2,0,16' is not that"),
        (["--relations", "256"], "--relations must be from 1 to 255, --repeats at least 1"),
        (["--repeats", "0"], "--relations must be from 1 to 255, --repeats at least 1"),
        (["--dtype", "int8"], "argument --dtype: invalid choice: 'int8'"),
    ],
)
def test_bad_options_are_one_line(options, message, capsys):
    assert main(["bench", "attention", *options]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err


def test_another_gpu_by_its_figures(capsys, monkeypatch):
    monkeypatch.setattr(bench, "_passes", lambda *_: {})
    monkeypatch.setattr(bench, "_this_cpu", lambda _: H100)
    assert main(["bench", "attention", "--shapes", "1,2,8,16", "--bandwidth", "2.0", "--matmul", "312"]) == 0
    assert "a GPU of 2 TB/s and 312 TFLOP/s: B,H,N,D = 1,2,8,16" in capsys.readouterr().out
