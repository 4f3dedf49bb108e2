"""Changes of an answer that are said in words ("only 2023", "as a line", "by month"): understood without a model, wholly or not at all."""

from microgt.refine.refine import EXAMPLES, refine

__all__ = ["EXAMPLES", "refine"]
