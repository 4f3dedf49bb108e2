"""What attention with relations costs on paper: bytes, operations and instructions of each kernel, and the time they take at least.

Williams et al. 2009. Bytes are those that must come from or go to memory once: what a head reads again is in a cache.
Python only, so that a table can be printed where there is no torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

WARP = 32
FULL = 4  # bytes of a float32


class Device(NamedTuple):
    """bandwidth: bytes a second. matmul: operations a second in the dtype asked for. issue: warp instructions a second, None: unknown."""

    name: str
    bandwidth: float
    matmul: float
    issue: float | None = None


_H100_ISSUE = 132 * 4 * 1.755e9  # multiprocessors, schedulers of each, clock
H100 = Device("H100 SXM, nominal", 3.35e12, 989e12, _H100_ISSUE)
H100_IN_PRACTICE = Device("H100 SXM, as large copies and products run", 3.0e12, 790e12, _H100_ISSUE)

# Instructions that one lane issues for one score, counted in the main loop of sm_90 machine code (D=64, 64 relations, bfloat16): estimates.
# The histogram's is of 8 heads, which fill half of its tile.
INSTRUCTIONS = {"forward": 26.4, "queries": 22.5, "keys": 21.4, "histogram": 38.4}


@dataclass(frozen=True)
class Shape:
    """b items, h heads, n nodes, d columns of a head, relations (with that of masked keys one more), itemsize bytes of q, k, v.

    values: there are relation values, so that weights are written out and counted.
    """

    b: int
    h: int
    n: int
    d: int
    relations: int = 64
    itemsize: int = 2
    values: bool = False

    @property
    def scores(self) -> int:
        """Number of scores."""
        return self.b * self.h * self.n**2

    @property
    def heads(self) -> int:
        """Bytes of q, of k, v, o, or of the gradient of one."""
        return self.itemsize * self.b * self.h * self.n * self.d

    @property
    def table(self) -> int:
        """Bytes of the table of relation scores, of its gradient, of the histogram."""
        return FULL * self.b * self.h * self.n * (self.relations + 1)

    @property
    def pairs(self) -> int:
        """Bytes of the relations."""
        return self.b * self.n**2

    @property
    def rows(self) -> int:
        """Bytes of one number for each row of scores."""
        return FULL * self.b * self.h * self.n


class Work(NamedTuple):
    """What a kernel moves (bytes), multiplies and adds (operations on tensor cores), and issues (instructions of a warp)."""

    bytes: float
    operations: float
    instructions: float = 0.0

    def seconds(self, device: Device) -> float:
        """The longest of the three, as if the others hid behind it."""
        return max(self._times(device).values())

    def bound(self, device: Device) -> str:
        """What takes longest: "bytes", "operations" or "instructions"."""
        times = self._times(device)
        return max(times, key=lambda name: times[name])

    def _times(self, device: Device) -> dict[str, float]:
        times = {"bytes": self.bytes / device.bandwidth, "operations": self.operations / device.matmul}
        return times if device.issue is None else times | {"instructions": self.instructions / device.issue}


def forward_kernels(s: Shape) -> dict[str, Work]:
    """The kernels of a forward pass in their order."""
    product = 2 * s.scores * s.d
    works = {
        "table": Work(s.heads + s.table, s.table / FULL * 2 * s.d),
        "forward": _work("forward", s, 4 * s.heads + s.table + s.pairs + s.rows, 2 * product),
    }
    if s.values:
        weights = s.itemsize * s.scores
        works["weights"] = Work(2 * s.heads + s.table + s.pairs + s.rows + weights, product)
        works["histogram"] = _histogram(s)
    return works


def backward_kernels(s: Shape) -> dict[str, Work]:
    """The kernels of a backward pass in their order."""
    product = 2 * s.scores * s.d
    tables = s.table * (2 if s.values else 1)  # scores, and the gradient of the histogram
    read = 4 * s.heads + tables + s.pairs + 2 * s.rows
    return {
        "queries": _work("queries", s, read + s.heads + s.itemsize * s.scores, 3 * product),
        "keys": _work("keys", s, read + 2 * s.heads, 4 * product),
        "histogram": _histogram(s),
        "table": Work(3 * s.heads + 2 * s.table, s.table / FULL * 4 * s.d),
    }


def _work(kernel: str, s: Shape, moved: float, operations: float) -> Work:
    return Work(moved, operations, INSTRUCTIONS[kernel] * s.scores / WARP)


def _histogram(s: Shape) -> Work:
    """A product with a one-hot matrix: each score meets every relation."""
    return _work("histogram", s, s.itemsize * s.scores + s.pairs + s.table, 2 * s.scores * (s.relations + 1))


def total(works: dict[str, Work]) -> Work:
    """All that the kernels do."""
    return Work(*(sum(parts) for parts in zip(*works.values(), strict=True)))


def without_one_hot(works: dict[str, Work]) -> Work:
    """All that a CPU does: it counts by adding at an index, not by a product."""
    return total({name: work._replace(operations=0) if name == "histogram" else work for name, work in works.items()})


def seconds(works: dict[str, Work], device: Device) -> float:
    """One kernel after the other: more than `total` takes, for each waits for what it is bound by."""
    return sum(work.seconds(device) for work in works.values())
