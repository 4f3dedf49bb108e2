"""A graph in the terminal: its nodes, the links that were found, the relations as a small picture."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from microgt.graph.graph import Graph
from microgt.graph.relations import Relation

_NO_LINK = {Relation.QC_NONE, Relation.QT_NONE}
_COLOURS = ("grey30", "cyan", "blue", "magenta", "green", "yellow", "red", "bright_black")


def show(graph: Graph, console: Console | None = None) -> None:
    """Print words with their links, the values, and the relation matrix (one character a pair, coloured by the kind of relation)."""
    console = console or Console()
    console.print(_links(graph))
    if graph.values:
        console.print(_values(graph))
    n = len(graph.tokens)
    console.print(
        f"{n} nodes: {len(graph.words)} words, *, {len(graph.tables)} tables, {len(graph.columns)} columns, {len(graph.values)} values"
    )
    if n <= console.width:
        console.print(_picture(graph))


def _links(graph: Graph) -> Table:
    table = Table("word", "links", title="links by name and by value")
    first = len(graph.words) + 1
    names = (*graph.tables, *graph.columns)
    for i, word in enumerate(graph.words):
        row = graph.relations[i, first : first + len(names)]
        found = [(names[k], Relation(int(r))) for k, r in enumerate(row) if Relation(int(r)) not in _NO_LINK]
        strong = [
            f"{name} ({relation.name[3:].lower()})" for name, relation in found if relation not in (Relation.QC_NUMBER, Relation.QC_TIME)
        ]
        rest = f", and {len(strong) - 6} more" if len(strong) > 6 else ""
        table.add_row(Text(word), Text(", ".join(strong[:6]) + rest))
    return table


def _values(graph: Graph) -> Table:
    table = Table("value", "read as", "from", "cell of", "score", title="values")
    for node in graph.values:
        words = " ".join(graph.words[slice(*node.span)]) if node.span else ""
        cells = ", ".join(graph.columns[c] for c in node.columns[:4])
        table.add_row(*map(Text, (repr(node.value), node.source, words, cells, f"{node.score:.2f}")))
    return table


def _picture(graph: Graph) -> Text:
    picture = Text()
    for row in graph.relations:
        for relation in row:
            none = Relation(int(relation)).name.endswith("_NONE")
            picture.append("·" if none else "█", style=_COLOURS[int(relation) // 8])
        picture.append("\n")
    return picture
