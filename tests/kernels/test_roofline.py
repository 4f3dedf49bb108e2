"""The paper figures of kernels/README.md are those of `microgt_kernels.roofline`, and its arithmetic is right on numbers done by hand."""

from pathlib import Path

import pytest

from microgt_kernels.roofline import (
    H100,
    H100_IN_PRACTICE,
    Device,
    Shape,
    Work,
    backward_kernels,
    forward_kernels,
    seconds,
    total,
    without_one_hot,
)

README = Path(__file__).parents[2] / "kernels/README.md"
SHAPES = (Shape(64, 8, 256, 64), Shape(64, 8, 1024, 64))
WITH_VALUES = [Shape(s.b, s.h, s.n, s.d, values=True) for s in SHAPES]
PASSES = {"forward": forward_kernels, "backward": backward_kernels}


def rows() -> list[str]:
    """The rows of the table in kernels/README.md."""
    made = []
    for name, kernels in PASSES.items():
        with_keys, with_values = ([kernels(s) for s in shapes] for shapes in (SHAPES, WITH_VALUES))
        for kernel in with_values[0]:
            cells = []
            for work, value in zip(with_keys, with_values, strict=True):
                w = work.get(kernel, value[kernel])
                microseconds = "{:.0f} / {:.0f}".format(*(w.seconds(device) * 1e6 for device in (H100, H100_IN_PRACTICE)))
                cells += [f"{w.bytes / 1e6:,.0f}", f"{w.operations / 1e9:,.1f}", microseconds, w.bound(H100)]
            made.append(f"| {name} {kernel} | " + " | ".join(cells) + " |")
        cells = ["{:.0f} / {:.0f}".format(*(seconds(works, device) * 1e6 for device in (H100, H100_IN_PRACTICE))) for works in with_keys]
        made.append(f"| {name} in all, keys and biases | | | {cells[0]} | | | | {cells[1]} | |")
    return made


@pytest.mark.parametrize("row", rows())
def test_the_readme_has_the_figures_of_the_arithmetic(row):
    assert row in README.read_text(encoding="utf-8").splitlines()


def test_bytes_and_operations_by_hand():
    s = Shape(2, 3, 4, 16, relations=5, itemsize=2)
    heads, table, pairs, row = 2 * 2 * 3 * 4 * 16, 4 * 2 * 3 * 4 * 6, 2 * 4 * 4, 4 * 2 * 3 * 4
    forward = forward_kernels(s)
    assert list(forward) == ["table", "forward"]
    assert forward["table"][:2] == (heads + table, 2 * (2 * 3 * 4) * 6 * 16)
    assert forward["forward"][:2] == (4 * heads + table + pairs + row, 2 * 2 * (2 * 3 * 4 * 4) * 16)
    backward = backward_kernels(s)
    assert backward["queries"][:2] == (5 * heads + table + pairs + 2 * row + 2 * (2 * 3 * 4 * 4), 3 * 2 * (2 * 3 * 4 * 4) * 16)
    assert backward["keys"][:2] == (6 * heads + table + pairs + 2 * row, 4 * 2 * (2 * 3 * 4 * 4) * 16)


def test_the_longest_of_the_three_counts():
    device = Device("d", bandwidth=10, matmul=100, issue=1000)
    assert [(w.seconds(device), w.bound(device)) for w in (Work(20, 100, 0), Work(1, 300, 0), Work(1, 1, 5000))] == [
        (2, "bytes"),
        (3, "operations"),
        (5, "instructions"),
    ]
    assert Work(1, 1, 5000).bound(device._replace(issue=None)) == "bytes"
    works = {"table": Work(20, 100), "histogram": Work(1, 300)}
    assert seconds(works, device) == 5
    assert total(works) == Work(21, 400, 0)
    assert without_one_hot(works) == Work(21, 100, 0)
