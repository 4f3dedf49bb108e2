"""`microgt adapt`: a copy of a checkpoint is trained further for one database; the better of the two is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from microgt.build import trusting
from microgt.errors import ConfigError
from microgt.files import replace_folder
from microgt.product.further import CHECKPOINT, train_further
from microgt.product.kept import copy_checkpoint


def adapt(config: dict[str, Any], console: Console) -> Path:
    """Do it as `configs/adapt.yaml` says; return the folder: the kept `checkpoint`, `result.json`, all answers in `results`.

    Until all is done the folder is not there. Raises `ConfigError` when something stands in its place, and as `train_further`.
    """
    to = Path(config["to"])
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise ConfigError(f"{to} is not empty: remove it, or choose another folder")
    with trusting(config["packages"]), replace_folder(to) as folder:
        result = train_further(config, folder, console)
        if result.kept == "old":
            copy_checkpoint(Path(result.start), folder / CHECKPOINT, config["packages"])
    told = "The new checkpoint is kept" if result.kept == "new" else f"The old checkpoint is kept, a copy of {result.start}"
    console.print(Text(f"{told}: {result.why}.", style="bold"), soft_wrap=True)
    return to
