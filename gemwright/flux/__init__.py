"""Flux balance analysis on HiGHS: one loaded problem, many bounds; rules of genes; knock-outs."""
