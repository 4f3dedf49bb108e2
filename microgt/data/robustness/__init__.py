"""Harder questions and databases derived from those of any source, deterministic by seed: what users bring and benchmarks do not."""
