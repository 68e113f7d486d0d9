"""Auxotrophies: nutrients that a model cannot do without, and the steps that are missing."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from gemwright.config.reconstruction import ReconstructionOptions
from gemwright.errors import InputError
from gemwright.gem.flux import FLUX_TOLERANCE, FluxModel
from gemwright.gem.medium import Medium, exchange_of, medium_bounds, without
from gemwright.gem.model import MetabolicModel
from gemwright.io.tables import object_column
from gemwright.reconstruction.draft import GAP_FILLED
from gemwright.reconstruction.gapfill import fill_gaps

_L_AMINO_ACIDS = "ala arg asn asp cys gln glu his ile leu lys met phe pro ser thr trp tyr val"
#: Nutrients by kind and name, each with the compounds (BiGG) of which any serves.
NUTRIENTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    **{("amino acid", f"{name}__L"): (f"{name}__L",) for name in _L_AMINO_ACIDS.split()},
    ("amino acid", "gly"): ("gly",),
    ("vitamin", "thiamine (B1)"): ("thm", "thmmp"),
    ("vitamin", "riboflavin (B2)"): ("ribflv", "fmn"),
    ("vitamin", "niacin (B3)"): ("nac", "ncam", "nmn", "rnam"),
    ("vitamin", "pantothenate (B5)"): ("pnto__R",),
    ("vitamin", "pyridoxine (B6)"): ("pydx", "pydxn", "pydam", "pydx5p"),
    ("vitamin", "biotin (B7)"): ("btn",),
    ("vitamin", "folate (B9)"): ("fol", "thf", "5mthf", "4abz"),
    ("vitamin", "cobalamin (B12)"): ("cbl1", "adocbl", "adpcbl", "cbi"),
    ("vitamin", "lipoate"): ("lipoate",),
    ("vitamin", "heme"): ("pheme",),
    ("nucleobase", "purines"): (
        *("ade", "gua", "hxan", "xan", "adn", "gsn", "ins", "xtsn", "dad_2", "dgsn", "din"),
        *("amp", "gmp", "imp", "damp", "dgmp"),
    ),
    ("nucleobase", "pyrimidines"): (
        *("ura", "csn", "thym", "uri", "cytd", "thymd", "duri", "dcyt"),
        *("ump", "cmp", "dump", "dcmp", "dtmp"),
    ),
}
COLUMNS = [
    "kind", "nutrient", "taken_up", "needed", "needed_by_genes", "missing", "best_confidence",
    "best_genes",
]  # fmt: skip
# mmol/gDW/h into the cytosol: enough to grow at a rate that counts, too little to feed on
_SUPPLY, _TRACE = 1.0, 0.01


def find_auxotrophies(
    model: MetabolicModel,
    provenance: pd.DataFrame,
    universe: MetabolicModel,
    medium: Medium,
    options: ReconstructionOptions | None = None,
) -> pd.DataFrame:
    """Supply a cell with every nutrient, take away one after the other, and see what stops growth.

    Nutrients are given to the cytosol, so that no missing transporter hides that a synthesis is
    missing.

    Parameters
    ----------
    model : MetabolicModel
        A finished model.
    provenance : pandas.DataFrame
        Of the model, see `gemwright.reconstruction.provenance.provenance_table`.
    universe : MetabolicModel
        That it was made of: where the steps are looked for that the model itself lacks.
    medium : list of str, or dict of str to float
        The rest of the medium.
    options : ReconstructionOptions, optional
        Growth that counts (`target_growth`), protocol of the medium, gap-filling.

    Returns
    -------
    pandas.DataFrame
        kind (amino acid, vitamin, nucleobase), nutrient, taken_up (tuple of its compounds that the
        model exchanges), needed (by the model as it is), needed_by_genes (without the gap-filled
        reactions, but for those that no nutrient can replace), missing (tuple of the reactions
        that would make it: of the gap-filled ones, if they do, else of the universe's;
        empty where not even the universe makes it), best_confidence and best_genes (of the surest
        homologues of the missing reactions, below the threshold of the draft; NaN and ``""`` where
        there are none). A row for each of `NUTRIENTS`.

    Raises
    ------
    InputError
        If the model does not even grow with every nutrient.
    """
    options = options or ReconstructionOptions()
    cell = _Cell(model, medium, options)
    reason = provenance["reason"]
    filled = provenance[reason.str.startswith(GAP_FILLED)].sort_values(
        ["alpha", "reaction"], ascending=[False, True]
    )["reaction"]
    if not cell.grows():
        raise InputError(
            f"model {model.identifier!r}",
            "does not grow with every amino acid, vitamin and nucleobase",
            "give a medium on which it grows",
        )
    # what is gap-filled for want of something that no nutrient replaces stays
    closed = cell.dispensable(list(filled), ())
    rows = []
    for (kind, nutrient), names in NUTRIENTS.items():
        needed = not cell.grows(without=names)
        by_genes = needed or not cell.grows(closed, names)
        missing: tuple[str, ...] = ()
        if needed:
            missing = _of_universe(model, universe, provenance, medium, names, options)
        elif by_genes:
            rest = cell.dispensable(closed, names)
            missing = tuple(sorted(set(closed) - set(rest)))
        taken = tuple(name for name in names if exchange_of(name) in cell.flux)
        rows.append((kind, nutrient, taken, needed, by_genes, missing, *_best(provenance, missing)))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(**{name: object_column(table[name]) for name in ("taken_up", "missing")})


class _Cell:
    """A model on a medium, with a supply of every nutrient that it knows."""

    def __init__(
        self, model: MetabolicModel, medium: Medium, options: ReconstructionOptions
    ) -> None:
        self.flux = FluxModel.of(model)
        self.flux.set_bounds(medium_bounds(model, medium, options.protocol))
        self._least = options.target_growth - FLUX_TOLERANCE
        known = set(self.flux.species)
        inside = {
            name: f"{name}_c"
            for names in NUTRIENTS.values()
            for name in names
            if f"{name}_c" in known
        }
        sources = self.flux.add_demands(list(inside.values()))
        self._sources = dict(zip(inside, sources, strict=True))
        for (kind, _), names in NUTRIENTS.items():
            amount = _TRACE if kind == "vitamin" else _SUPPLY
            self.flux.set_bounds(
                {self._sources[name]: (-amount, 0.0) for name in names if name in inside}
            )

    def grows(self, closed: Collection[str] = (), without: Collection[str] = ()) -> bool:
        """Whether it grows with reactions closed and without the supply of some compounds."""
        off = {name: (0.0, 0.0) for name in closed}
        off |= {self._sources[name]: (0.0, 0.0) for name in without if name in self._sources}
        for name in map(exchange_of, without):
            if name in self.flux:
                off[name] = (0.0, float(self.flux.upper[self.flux.index[name]]))
        with self.flux.bounds(off):
            return self.flux.growth() >= self._least

    def dispensable(self, reactions: Sequence[str], without: Collection[str]) -> list[str]:
        """Those of some reactions that can be closed together, the first ones first."""
        gone: list[str] = []
        for reaction in reactions:
            if self.grows([*gone, reaction], without):
                gone.append(reaction)
        return gone


def _of_universe(
    model: MetabolicModel,
    universe: MetabolicModel,
    provenance: pd.DataFrame,
    medium: Medium,
    names: Collection[str],
    options: ReconstructionOptions,
) -> tuple[str, ...]:
    """Reactions of the universe with which a model grows without a nutrient of its medium."""
    alpha = dict(zip(provenance["reaction"], provenance["alpha"].fillna(1.0), strict=True))
    draft = list(model.reactions["reaction"])
    try:
        found = fill_gaps(universe, draft, alpha, {"less": without(medium, names)}, options)
    except InputError:
        # the universe takes it from outside as well
        return ()
    return tuple(found.added["reaction"])


def _best(provenance: pd.DataFrame, missing: Collection[str]) -> tuple[float, str]:
    rows = provenance[provenance["reaction"].isin(set(missing))]
    rows = rows[rows["gpr"] != ""].sort_values(["confidence", "reaction"], ascending=[False, True])
    if rows.empty:
        return float("nan"), ""
    first = rows.iloc[0]
    return float(first["confidence"]), f"{first['reaction']}: {first['gpr']}"
