"""The pictures of a report, as SVG: told apart by shape and dash beside colour, so that they survive print and colour blindness."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from microgt.experiments.report.arms import Comparison

if TYPE_CHECKING:
    import altair as alt

# Okabe and Ito's colours (2008), which the common kinds of colour blindness tell apart.
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#595959"
MOST_CURVES = 24


def svg(chart: alt.TopLevelMixin) -> str:
    """The chart as an SVG element that needs nothing else."""
    import vl_convert

    return vl_convert.vegalite_to_svg(json.dumps(chart.to_dict()))


def deltas(found: Comparison) -> alt.LayerChart | alt.FacetChart:
    """What each arm gains over the baseline with its interval; filled when the interval leaves out zero."""
    import altair as alt

    values = [_delta(name, delta.gain, delta.interval) for name, delta in found.deltas.items()]
    base = alt.Chart(alt.Data(values=values)).encode(y=alt.Y("arm:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)))
    points = alt.Axis(title=f"accuracy, percentage points over {found.baseline.name}", format="+.1f")
    kind = alt.Scale(domain=["better", "worse", "not told apart"], range=[BLUE, ORANGE, GREY])
    shape = alt.Scale(domain=["better", "worse", "not told apart"], range=["triangle-right", "triangle-left", "circle"])
    spans = base.mark_rule(strokeWidth=2, color=GREY).encode(x=alt.X("low:Q", axis=points), x2="high:Q")
    marks = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=alt.X("gain:Q", axis=points),
        color=alt.Color("verdict:N", scale=kind, title="95% interval"),
        shape=alt.Shape("verdict:N", scale=shape, title="95% interval"),
    )
    zero = alt.Chart(alt.Data(values=[{"zero": 0.0}])).mark_rule(strokeDash=[4, 3]).encode(x="zero:Q")
    return alt.layer(zero, spans, marks).properties(width=480)


def _delta(name: str, gain: float, interval: Any) -> dict[str, Any]:
    low, high = interval or (gain, gain)
    verdict = "better" if interval and low > 0 else "worse" if interval and high < 0 else "not told apart"
    return {"arm": name, "gain": 100 * gain, "low": 100 * low, "high": 100 * high, "verdict": verdict}


def curves(found: Comparison) -> alt.FacetChart:
    """Training loss of each arm, the mean over seeds, solid; the baseline's in every picture, dashed."""
    import altair as alt

    arms = found.arms[1 : MOST_CURVES + 1] or found.arms
    baseline = _curve(found.baseline.runs)
    values = [{"arm": arm.name, "line": "arm", **point} for arm in arms for point in _curve(arm.runs)]
    values += [{"arm": arm.name, "line": f"baseline ({found.baseline.name})", **point} for arm in arms for point in baseline]
    names = ["arm", f"baseline ({found.baseline.name})"]
    lines = (
        alt.Chart(alt.Data(values=values), width=190, height=120)
        .mark_line()
        .encode(
            x=alt.X("step:Q", title="step"),
            y=alt.Y("loss:Q", title="nats of an action", scale=alt.Scale(zero=False, type="log")),
            color=alt.Color("line:N", scale=alt.Scale(domain=names, range=[ORANGE, BLUE]), title=None),
            strokeDash=alt.StrokeDash("line:N", scale=alt.Scale(domain=names, range=[[1, 0], [5, 3]]), title=None),
        )
    )
    return lines.facet(facet=alt.Facet("arm:N", title=None, sort=[arm.name for arm in arms]), columns=3)


def _curve(runs: Any) -> list[dict[str, float]]:
    """The mean loss over the runs at each step that any of them has."""
    by_step: dict[int, list[float]] = {}
    for run in runs:
        for point in run.learning_curve:
            by_step.setdefault(point.step, []).append(point.loss)
    return [{"step": step, "loss": sum(losses) / len(losses)} for step, losses in sorted(by_step.items())]
