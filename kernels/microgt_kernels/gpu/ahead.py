"""Compiling a kernel for a device that is not there, and reading from the machine code what it takes.

Triton's wheel brings the assemblers and disassemblers of NVIDIA and the assembler of AMD; nothing else is needed.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from microgt_kernels.gpu.backward import keys_kernel, queries_kernel
from microgt_kernels.gpu.forward import forward_kernel
from microgt_kernels.gpu.gating import swiglu_backward_kernel, swiglu_kernel
from microgt_kernels.gpu.histogram import histogram_kernel
from microgt_kernels.gpu.likelihood import BLOCK, action_likelihood_backward_kernel, action_likelihood_kernel
from microgt_kernels.gpu.norm import rms_norm_backward_kernel, rms_norm_kernel
from microgt_kernels.gpu.rows import OPTIONS, pieces, whole_rows
from microgt_kernels.gpu.tiles import Tile
from microgt_kernels.gpu.weights import weights_kernel

KERNELS = {
    "forward": forward_kernel,
    "weights": weights_kernel,
    "queries": queries_kernel,
    "keys": keys_kernel,
    "histogram": histogram_kernel,
}
ROW_KERNELS = {
    "rms_norm": rms_norm_kernel,
    "rms_norm backward": rms_norm_backward_kernel,
    "swiglu": swiglu_kernel,
    "swiglu backward": swiglu_backward_kernel,
    "action_likelihood": action_likelihood_kernel,
    "action_likelihood backward": action_likelihood_backward_kernel,
}
TARGETS = {
    "sm_80": GPUTarget("cuda", 80, 32),
    "sm_90": GPUTarget("cuda", 90, 32),
    "sm_100": GPUTarget("cuda", 100, 32),
    "gfx942": GPUTarget("hip", "gfx942", 64),
}
# Bytes of shared memory that one block may use.
SHARED = {"sm_80": 163 << 10, "sm_90": 227 << 10, "sm_100": 227 << 10, "gfx942": 64 << 10}
_FLOATS = ("t", "g", "lse", "delta", "hist", "gain", "inverse", "parts", "logits", "dlogits", "gold", "even", "dgold", "deven", "count")
_TYPES = {
    **dict.fromkeys(_FLOATS, "*fp32"),
    **dict.fromkeys(("n", "m", "f", "a"), "i32"),
    **dict.fromkeys(("scale", "scale2", "eps"), "fp32"),
    "rel": "*u8",
    "target": "*i64",
}
# What is compiled -> the type of its elements, how their products are rounded.
ARITHMETICS = {"bf16": ("bf16", "ieee"), "fp16": ("fp16", "ieee"), "tf32": ("fp32", "tf32"), "fp32": ("fp32", "ieee")}
_TENSOR_CORES = re.compile(r"\b(HGMMA|HMMA|UTC\w*MMA|v_mfma)")


class Usage(NamedTuple):
    """What a compiled kernel takes. registers: of a thread. spills: loads and stores of spilled registers. shared: bytes of a block.

    tensor: how many instructions on tensor cores the machine code has, and which; "none".
    """

    registers: int
    spills: int
    shared: int
    tensor: str


def compiled(kernel: str, target: str, tile: Tile, *, width: int, relations: int, heads: int, arithmetic: str, aligned: bool) -> Usage:
    """Compile a kernel as a launch with such arguments and all options would.

    arithmetic: of `ARITHMETICS`. aligned: the number of nodes is a multiple of 16, which Triton compiles apart.
    Raises what Triton raises when the target cannot run it.
    """
    dtype, precision = ARITHMETICS[arithmetic]
    constants = _constants(tile, width, relations, heads) | {"PRECISION": precision}
    return _compiled(KERNELS[kernel], target, dtype, constants, () if aligned else ("n",), num_warps=tile.warps, num_stages=tile.stages)


def compiled_rows(kernel: str, target: str, *, width: int, arithmetic: str) -> Usage:
    """The same of a kernel of `ROW_KERNELS`, for rows of `width` columns, a multiple of 16, and any number of rows and actions."""
    fn = ROW_KERNELS[kernel]
    cut = whole_rows(width) if "D" in fn.arg_names else pieces(width)
    constants = {"D": width, "BD": cut.columns, "ROWS": cut.rows, "COLUMNS": cut.columns, "BLOCK": BLOCK}
    return _compiled(fn, target, ARITHMETICS[arithmetic][0], constants, ("m", "a"))


def _compiled(fn: Any, target: str, dtype: str, constants: dict[str, Any], odd: Collection[str], **options: int) -> Usage:
    """odd: the integers that are no multiples of 16."""
    constants = {name: constants[name] for name in fn.arg_names if name in constants}
    types = {name: _type(name, dtype) for name in fn.arg_names if name not in constants}
    multiples = [i for i, name in enumerate(fn.arg_names) if types.get(name, "fp")[:2] != "fp" and name not in odd]
    source = ASTSource(
        fn=fn,
        signature={name: types.get(name, "constexpr") for name in fn.arg_names},
        constexprs=constants,
        attrs={(i,): [["tt.divisibility", 16]] for i in multiples},
    )
    return _read(triton.compile(source, target=TARGETS[target], options={**OPTIONS, **options}))


def itemsize(arithmetic: str) -> int:
    """Bytes of an element."""
    return 4 if ARITHMETICS[arithmetic][0] == "fp32" else 2


def _constants(tile: Tile, width: int, relations: int, heads: int) -> dict[str, Any]:
    sizes = {"H": heads, "GROUP": 1, "D": width, "BD": max(16, triton.next_power_of_2(width)), "R": relations}
    shape = {"ROWS": tile.rows, "COLUMNS": tile.columns, "HEADS": tile.rows, "BR": max(16, triton.next_power_of_2(relations))}
    return sizes | shape | {"KEEP": True, "VALUES": True, "UPCAST": False}


def _type(name: str, dtype: str) -> str:
    if name in _TYPES:
        return _TYPES[name]
    return "i32" if re.fullmatch(r"[qkv]_[bhn]", name) else f"*{dtype}"


def _read(made: Any) -> Usage:
    if "cubin" in made.asm:
        return _nvidia(made.asm["cubin"], made.metadata.shared)
    code = made.asm["amdgcn"]
    named = {name: int(re.search(rf"\.{name}:\s*(\d+)", code).group(1)) for name in ("vgpr_count", "vgpr_spill_count", "sgpr_spill_count")}  # type: ignore[union-attr]
    spills = named["vgpr_spill_count"] + named["sgpr_spill_count"]
    return Usage(named["vgpr_count"], spills, made.metadata.shared, _tensor(code))


def _nvidia(cubin: bytes, shared: int) -> Usage:
    tools = Path(triton.__file__).parent / "backends" / "nvidia" / "bin"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "kernel.cubin"
        file.write_bytes(cubin)
        usage = _output(tools / "cuobjdump", "-res-usage", file)
        code = _output(tools / "nvdisasm", "-c", file)
    registers = int(re.search(r"REG:(\d+)", usage).group(1))  # type: ignore[union-attr]
    return Usage(registers, len(re.findall(r"\b(?:LDL|STL)\b", code)), shared, _tensor(code))


def _tensor(code: str) -> str:
    return " + ".join(f"{count} {name}" for name, count in Counter(_TENSOR_CORES.findall(code)).items()) or "none"


def _output(*command: str | Path) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
