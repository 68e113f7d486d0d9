"""The version, apart from the public face: who names it needs nothing else."""

__version__ = "0.2.0"
