#!/usr/bin/env python
"""How many near misses variants of databases tell from gold: make small mistakes in gold specs and see on which databases they show.

    MICROGT_BENCHMARKS=DIR python scripts/mutation_score.py [--sets spider-validation,spider-dev,demo] [--golds N] [--design shared|alone]
                                                            [--seed 0] [--workers 2] [--report FILE] [--survivors N] [--keep DIR]

Prints a line for each database and writes the shares by kind of mistake to the report.
"""

from __future__ import annotations

import argparse
import pickle
import platform
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from microgt.commit import git_hash
from microgt.data.demo.source import DemoSource
from microgt.data.example import Example, Source
from microgt.data.spider import SpiderSource
from microgt.errors import SpecError
from microgt.evaluation import Variants
from microgt.evaluation.mutation import Judge, Kind, LocalEngine, mutants
from microgt.evaluation.variants.suite import spec_of
from microgt.files import write_bytes, write_text
from microgt.schema.types import Schema
from microgt.spec import check
from microgt.spec.types import Answer

SETS = {
    "spider-validation": (SpiderSource, ("validation",)),
    "spider-dev": (SpiderSource, ("dev",)),
    "demo": (DemoSource, ("validation", "test", "unseen")),
}
REPORT = Path(__file__).resolve().parent.parent / "reports" / "mutation_score.md"
MOST, SHOWN = 5, (1, 3, 5)
OTHER_SEEDS = (1001, 1002, 1003)
BLIND_SEEDS = (2001, 2002)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant. original: told apart there. variant: the first that tells it apart. elsewhere: another database does."""

    db: str
    gold: str
    kind: Kind
    gold_sql: str
    sql: str
    original: bool
    variant: int | None
    elsewhere: bool

    @property
    def differs(self) -> bool:
        return self.original or self.variant is not None or self.elsewhere

    def caught(self, variants: int) -> bool:
        return self.original or (self.variant is not None and self.variant <= variants)


@dataclass(frozen=True, slots=True)
class Found:
    """All about one database. golds: distinct ones. rows: of them have rows on the original, and on one of the variants. seconds: to make
    the variants."""

    db: str
    fates: tuple[Fate, ...]
    golds: int
    rows: tuple[int, int]
    seconds: float


def distinct(golds: Iterable[Example], schema: Schema, most: int | None) -> list[tuple[Example, Answer]]:
    """Gold questions with their specs, each spec once, as far as the checker accepts them."""
    found: dict[Answer, Example] = {}
    for gold in golds:
        spec = spec_of(gold, schema)
        if isinstance(spec, Answer) and spec not in found and not check(spec, schema):
            found[spec] = gold
    return [(gold, spec) for spec, gold in found.items()][:most]


def independent(path: Path, schema: Schema, golds: Sequence[Example], folder: Path) -> Iterator[Path]:
    """Databases to find out whether a mutant differs at all: variants from other seeds, and others made without a look at gold."""
    for seeds, about in ((OTHER_SEEDS, golds), (BLIND_SEEDS, ())):
        for seed in seeds:
            variants = Variants(path, schema, about, seed)
            yield from (variants.write(n, folder / f"{seed}-{n}.duckdb").path for n in range(1, MOST + 1))


def fates(gold: Example, spec: Answer, judge: Judge, schema: Schema, variants: Sequence[int], others: Sequence[int]) -> Iterator[Fate]:
    """Of the mutants that run on the original database."""
    for mutant in mutants(spec, schema):
        if judge.runs(mutant.sql, 0):
            original, first = judge.apart(mutant.sql, 0), judge.first(mutant.sql, variants)
            elsewhere = not original and first is None and judge.first(mutant.sql, others) is not None
            yield Fate(gold.db, gold.id, mutant.kind, judge.sql, mutant.sql, original, first, elsewhere)


def kept(db: str, *, name: str, keep: Path | None, **options: Any) -> Found:
    """As `examined`, read from the folder `keep` when an interrupted run of the same options has been through with the database."""
    if keep is None:
        return examined(db, name=name, **options)
    asked = "-".join(f"{key}={value}" for key, value in sorted(options.items()))
    file = keep / f"{name}-{db}-{asked}.pickle"
    if not file.is_file():
        write_bytes(file, pickle.dumps(examined(db, name=name, **options)))
    return pickle.loads(file.read_bytes())


def examined(db: str, *, name: str, most: int | None, alone: bool, seed: int) -> Found:
    """All mutants of the golds of one database."""
    source, golds = opened(name)
    path, schema = source.database(db), source.schema(db)
    about = [gold for gold in golds if gold.db == db]
    chosen = distinct(about, schema, most)
    found: list[Fate] = []
    rows, seconds = [0, 0], 0.0
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = Path(temporary)
        (folder / "v").mkdir()
        others = [stack.enter_context(LocalEngine(p)) for p in (path, *independent(path, schema, about, folder))]
        for group in [[pair] for pair in chosen] if alone else [chosen]:
            begun = time.perf_counter()
            made = Variants(path, schema, [gold for gold, _ in group] if alone else about, seed)
            variants = [made.write(n, folder / "v" / f"{n}.duckdb") for n in range(1, MOST + 1)]
            seconds += time.perf_counter() - begun
            with ExitStack() as inner:
                engines = [others[0], *(inner.enter_context(LocalEngine(v.path)) for v in variants), *others[1:]]
                for gold, spec in group:
                    judge = judged(spec, schema, engines)
                    if judge:
                        speaking = [n for n, v in enumerate(variants, 1) if gold.id not in v.silent]
                        rows[0] += not judge.gold_is_empty(0)
                        rows[1] += not all(judge.gold_is_empty(n) for n in speaking)
                        found += fates(gold, spec, judge, schema, speaking, range(MOST + 1, len(engines)))
    return Found(db, tuple(found), len(chosen), (rows[0], rows[1]), seconds)


def judged(spec: Answer, schema: Schema, engines: Sequence[LocalEngine]) -> Judge | None:
    """The judge of a gold that runs."""
    try:
        judge = Judge(spec, schema, engines)
    except SpecError:
        return None
    return judge if judge.runs(judge.sql, 0) else None


def opened(name: str) -> tuple[Source, list[Example]]:
    make, splits = SETS[name]
    source = make()
    return source, [example for split in splits for example in source.examples(split)]


# ------------------------------------------------------------------ the report


def share(k: int, n: int) -> str:
    return f"{100 * k / n:.1f}%" if n else ""


def line(name: str, of: Sequence[Fate]) -> str:
    apart = [f for f in of if f.differs]
    counts = [sum(f.original for f in apart), *(sum(f.caught(k) for f in apart) for k in SHOWN)]
    return f"| {name} | {len(of)} | {len(apart)} | " + " | ".join(share(k, len(apart)) for k in counts) + " |"


def section(name: str, found: Sequence[Found]) -> str:
    everything = [fate for f in found for fate in f.fates]
    kinds = [kind for kind in Kind if any(fate.kind is kind for fate in everything)]
    golds, original, variants = (sum(n) for n in zip(*((f.golds, *f.rows) for f in found), strict=True))
    head = "| mistake | mutants | that differ | original alone | " + " | ".join(f"{k} variant{'s' * (k > 1)}" for k in SHOWN) + " |"
    table = "\n".join(
        [head, "|---|" + "---:|" * (3 + len(SHOWN)), line("**all**", everything)]
        + [line(str(kind), [fate for fate in everything if fate.kind is kind]) for kind in kinds]
    )
    return (
        f"## {name}\n\n{table}\n\n{len(found)} databases, {golds} distinct golds. Gold has rows on the original database for {original} of "
        f"them, on at\nleast one of {MOST} variants for {variants}. To make the variants took {sum(f.seconds for f in found):.0f} s in all."
    )


def report(sections: Iterable[str], args: argparse.Namespace) -> str:
    versions = ", ".join(f"{package} {version(package)}" for package in ("duckdb", "sqlglot"))
    command = "python scripts/mutation_score.py" + "".join(f" {a}" for a in sys.argv[1:])
    return (
        "# Near misses that variants of databases tell from gold\n\n"
        f"Made by `{command}` at {git_hash()} with Python {platform.python_version()}, {versions}; variants from seed {args.seed}.\n\n"
        "A mutant is a gold spec with one small mistake that the checker accepts, whose SQL is another and runs on the original database.\n"
        "SQL golds come through the importer; those that have no spec, and specs that stand there twice, are left out.\n\n"
        "The shares are of the mutants *that differ*: whose answer is not gold's on the original, on one of the variants, or on one of\n"
        f"{MOST * (len(OTHER_SEEDS) + len(BLIND_SEEDS))} other databases, {MOST * len(OTHER_SEEDS)} variants from other seeds and "
        f"{MOST * len(BLIND_SEEDS)} made without a look at gold. A mutant that differs in none of them\n"
        "is taken for equivalent. Some of these may differ in a way that no generated database shows: the shares would then be smaller.\n"
        "Columns with variants count what the original tells apart too.\n\n"
        "The generator's figures (`style.py`) were chosen on Spider's validation databases. Three of its rules came from a look at gold\n"
        "against gold on dev: where NULLs are disputed, where gold leaves open what it means, and keys of several columns.\n\n"
        + "\n\n".join(sections)
        + "\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--golds", type=int, help="only the first so many distinct golds of a database")
    parser.add_argument("--design", choices=("shared", "alone"), default="shared", help="variants for all golds of a database, or for each")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--report", type=Path, default=REPORT)
    parser.add_argument("--survivors", type=int, default=0, help="print so many mutants that differ and are not caught")
    parser.add_argument("--keep", type=Path, help="a folder for what is found about each database, to go on from after an interruption")
    args = parser.parse_args()
    sections = []
    for name in args.sets.split(","):
        dbs = list(dict.fromkeys(example.db for example in opened(name)[1]))
        found = []
        examine = partial(kept, name=name, keep=args.keep, most=args.golds, alone=args.design == "alone", seed=args.seed)
        with ProcessPoolExecutor(args.workers) as pool:
            for one in pool.map(examine, dbs):
                print(name, line(one.db, one.fates), f"{one.seconds:.1f} s", flush=True)
                found.append(one)
        sections.append(section(name, found))
        print(sections[-1])
        missed = [fate for one in found for fate in one.fates if fate.differs and not fate.caught(MOST)]
        for fate in missed[: args.survivors]:
            print(f"\n{fate.kind} {fate.db} {fate.gold}\n{fate.gold_sql}\n--\n{fate.sql}")
    write_text(args.report, report(sections, args))


if __name__ == "__main__":
    main()
