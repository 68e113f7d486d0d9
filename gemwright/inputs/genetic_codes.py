"""Genetic codes that genes can be called with."""

#: NCBI's numbers, those that pyrodigal knows.
GENETIC_CODES = frozenset({*range(1, 7), *range(9, 17), *range(21, 27), 29, 30, 32, 33})
