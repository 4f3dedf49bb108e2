"""Learning curves of the runs that checkpoints come from, where their figures lie beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import altair as alt
import vl_convert

from microgt.experiments.curve import learning_curve
from microgt.files import write_bytes


def curves(runs: Sequence[Path], out: Path) -> list[str]:
    """A section with a picture beside `out`; nothing where none of the runs left figures."""
    rows = [
        {"seed": f"{n}: {run.name}", "step": point.step, "value": value, "of": of}
        for n, run in enumerate(runs)
        for point in learning_curve(run)
        for of, value in (("training loss", point.loss), ("validation loss", point.validation))
        if value is not None
    ]
    if not rows:
        return []
    picture = out.with_name(f"{out.stem}_curves.png")
    lines = alt.Chart(alt.Data(values=rows)).mark_line().encode(x="step:Q", y="value:Q", color="seed:N", strokeDash="of:N")
    write_bytes(picture, vl_convert.vegalite_to_png(lines.properties(width=480, height=240).to_json(), scale=2))
    return ["## Learning curves", "", f"Nats of an action over steps of training.\n\n![learning curves]({picture.name})", ""]
