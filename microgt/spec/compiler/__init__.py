"""Specs to SQL: a sqlglot tree, then any dialect."""

from microgt.spec.compiler.compile import compile_spec, sort_outputs, to_sqlglot
from microgt.spec.compiler.names import output_names

__all__ = ["compile_spec", "output_names", "sort_outputs", "to_sqlglot"]
