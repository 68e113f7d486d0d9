"""gemwright: genome-scale metabolic models from a proteome and observed metabolites.

The library knows nothing of Snakemake: every public function takes paths or tables and returns
tables, or writes files atomically. The workflow in ``workflow/`` says what depends on what.
"""

__version__ = "0.1.0"
