"""Single-gene knock-outs: our one loaded problem against cobra's, on the same model in one run.

Run as ``python benchmarks/flux_knockouts.py``; prints both times and their ratio, which is what
can be compared between machines, and checks that the growth rates agree.
"""

import time

import pandas as pd
from cobra.flux_analysis import single_gene_deletion
from cobra.io import read_sbml_model

from gemwright.gem.flux import FluxModel
from gemwright.gem.knockout import knock_out_genes
from gemwright.gem.load import read_model
from gemwright.gem.medium import medium_bounds, medium_compounds
from gemwright.sources.bigg_snapshot import read_media
from gemwright.sources.registry import locate


def main() -> None:
    """Time both on CarveMe's shipped E. coli model on M9."""
    path = locate("carveme_model_ecol")
    compounds = medium_compounds(read_media(), "M9")

    ours = read_model(path)
    start = time.perf_counter()
    flux = FluxModel.of(ours)
    bounds = medium_bounds(ours, compounds)
    flux.set_bounds(bounds)
    table = knock_out_genes(flux, ours.rules)
    own_seconds = time.perf_counter() - start

    theirs = read_sbml_model(str(path))
    for reaction, (low, high) in bounds.items():
        theirs.reactions.get_by_id(reaction).bounds = (low, high)
    start = time.perf_counter()
    deletions = single_gene_deletion(theirs, processes=1)
    cobra_seconds = time.perf_counter() - start

    other = pd.DataFrame(
        {
            "gene": [next(iter(genes)) for genes in deletions["ids"]],
            "cobra": deletions["growth"].fillna(0.0),
        }
    )
    both = table.merge(other, on="gene")
    worst = float((both["growth_rate"] - both["cobra"]).abs().max())
    print(f"{len(both)} genes; largest difference of growth {worst:.1e} /h")
    print(f"gemwright {own_seconds:.2f} s, cobra (one process) {cobra_seconds:.2f} s")
    print(f"ratio {cobra_seconds / own_seconds:.1f}")


if __name__ == "__main__":
    main()
