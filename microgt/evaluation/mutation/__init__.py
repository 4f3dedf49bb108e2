"""Gold specs with one small mistake each, and which databases tell them apart from gold.

mutants.py     all mutants of a spec
conditions.py  mistakes in conditions
literals.py    mistakes in literals
measures.py    mistakes in what is measured
queries.py     mistakes in a query as a whole
tree.py        trees in which one node is another
caught.py      which databases tell a mutant apart
local.py       an engine without a wall, for what the compiler wrote
"""

from microgt.evaluation.mutation.caught import Judge
from microgt.evaluation.mutation.local import LocalEngine
from microgt.evaluation.mutation.mutants import Kind, Mutant, mutants

__all__ = ["Judge", "Kind", "LocalEngine", "Mutant", "mutants"]
