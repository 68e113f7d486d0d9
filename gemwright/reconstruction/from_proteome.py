"""A model from a proteome: what the workflow does with the embedded snapshot, in one call."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.config.universe import UniverseOptions
from gemwright.homology.proteome import protein_hits
from gemwright.inputs.biomass import check_biomass, read_biomass
from gemwright.inputs.checks import check_medium
from gemwright.inputs.media import read_medium
from gemwright.io.fasta import read_fasta
from gemwright.reconstruction.pipeline import Reconstruction, reconstruct_from_tables
from gemwright.sources.bigg_snapshot import read_protein_sequences
from gemwright.universe.biomass import organism_biomass
from gemwright.universe.build import build_universe
from gemwright.universe.kinds import KINDS
from gemwright.universe.snapshot import Snapshot


def reconstruct(
    proteome: str | Path | Mapping[str, str],
    universe: str = "bacteria",
    media: Sequence[str] | Mapping[str, Collection[str]] = ("M9",),
    scores: pd.DataFrame | None = None,
    observed: Collection[str] = (),
    options: ReconstructionOptions | None = None,
    identifier: str = "model",
    threads: int = 1,
    universe_options: UniverseOptions | None = None,
    biomass: str | Mapping[str, float] = "",
    gam: float | None = None,
    ngam: float | None = None,
) -> Reconstruction:
    """Reconstruct a genome-scale model from a proteome.

    Parameters
    ----------
    proteome : str, Path or mapping of str to str
        FASTA file of proteins, or protein to sequence.
    universe : str
        One of `gemwright.sources.bigg_snapshot.UNIVERSES`.
    media : sequence of str, or mapping of str to collection of str
        Media to grow on, by name, or with their compounds (BiGG ids); the first one is set in the
        model.
    scores : pandas.DataFrame, optional
        protein, metabolite, score of a predictor of interactions. Without them homology alone
        chooses the reactions (``method="homology"``).
    observed : collection of str
        Observed metabolites (BiGG ids without compartment); with `scores` and the method ``emi``,
        enzymes are selected for them.
    options : ReconstructionOptions, optional
        Everything else that can be chosen.
    identifier : str
        The model's id.
    threads : int
        Of the homology search.
    universe_options : UniverseOptions, optional
        What the universe is made of; by default it is extended and sealed.
    biomass : str or mapping of str to float
        One of `gemwright.universe.kinds.KINDS`, the path of a table (`inputs.biomass`), or
        species to coefficient; that of the universe by default.
    gam, ngam : float, optional
        Growth-associated (mmol ATP/gDW) and other maintenance (mmol ATP/gDW/h); those of the
        universe by default.

    Returns
    -------
    Reconstruction
        The model, which grows on all the media, and the tables that explain it.

    Raises
    ------
    InputError
        If the proteome, the universe or a medium cannot be used, or DIAMOND is missing.
    ValueError
        If the options ask for scores and there are none.
    """
    by_homology = ReconstructionOptions(method="homology")
    options = options or (by_homology if scores is None else ReconstructionOptions())
    if scores is None and options.method == "emi":
        raise ValueError("without scores no enzyme can be selected: set method='homology'")
    sequences = dict(proteome) if isinstance(proteome, Mapping) else read_fasta(proteome)
    snapshot = Snapshot.embedded()
    built = build_universe(universe, universe_options, snapshot)
    named = biomass if isinstance(biomass, str) else ""
    own = {} if isinstance(biomass, str) else biomass
    if named and named not in KINDS:
        check_biomass(named, "biomass")
        own = read_biomass(named, set(snapshot.universal.species["species"]))
    ground, _ = organism_biomass(built.model, named, own, gam, ngam)
    compounds = (
        dict(media) if isinstance(media, Mapping) else {name: read_medium(name) for name in media}
    )
    for name, members in compounds.items():
        check_medium(name, members, set(members), ground)
    proteins, pooled = read_protein_sequences(), snapshot.pooled(built.merged)
    enzymes = dict(zip(proteins["enzyme"], proteins["sequence"], strict=True))
    return reconstruct_from_tables(
        identifier,
        list(sequences),
        pd.DataFrame(columns=["protein", "metabolite", "score"]) if scores is None else scores,
        protein_hits(sequences, enzymes, threads),
        proteins[["model", "gene", "enzyme"]],
        pooled.gprs,
        ground,
        pd.DataFrame({"metabolite": sorted(observed)}, dtype=str),
        compounds,
        options,
        built.weights,
        pooled.bounds,
    )
