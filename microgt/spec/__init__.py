"""Specs: the types, their JSON, what is right and wrong, their SQL and their words."""

from microgt.spec.canonical import canonical
from microgt.spec.checker import check
from microgt.spec.compiler import compile_spec, sort_outputs, to_sqlglot
from microgt.spec.diff import Change, diff
from microgt.spec.edit import edit, patch_between
from microgt.spec.json import json_schema, read_spec, write_spec
from microgt.spec.types import Answer, Query, Select, SetOperation, Spec, Unanswerable
from microgt.spec.words import in_words

__all__ = [
    "Answer",
    "Change",
    "Query",
    "Select",
    "SetOperation",
    "Spec",
    "Unanswerable",
    "canonical",
    "check",
    "compile_spec",
    "diff",
    "edit",
    "in_words",
    "json_schema",
    "patch_between",
    "read_spec",
    "sort_outputs",
    "to_sqlglot",
    "write_spec",
]
