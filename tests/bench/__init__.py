"""Benchmarks: `make bench` measures, prints a table, and keeps it in docs/bench.md and bench.json.

Machines are shared and noisy: times of pages are ratios against a floor measured in turn with
them. These are figures, not tests: a missed target is marked, nothing fails.
"""
