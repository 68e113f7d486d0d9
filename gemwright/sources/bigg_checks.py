"""Checks of models of BiGG: gene rules, formulas, charges, balance, differences between models."""

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.formulas import known_atoms
from gemwright.gem.gpr import genes_of, parse_gpr
from gemwright.sources.bigg_raw import RawModel
from gemwright.sources.findings import Findings

# relative to the atoms that take part: coefficients of biomass have few digits
_BALANCE_TOLERANCE = 1e-6


class ItemFindings(Findings):
    """Findings in one model, with the reactions, species or genes that have them."""

    def __init__(self, model: str) -> None:
        super().__init__()
        self.model = model
        self.rows: list[tuple[str, str, str, str]] = []

    def note(self, finding: str, treatment: str, items: Iterable[tuple[str, str]]) -> None:
        """Count a finding, and keep each item that has it, with a detail or ``""``."""
        rows = [(self.model, finding, item, detail) for item, detail in items]
        self.add(finding, len(rows), treatment)
        self.rows += rows

    def items(self) -> pd.DataFrame:
        """Table of what was noted: model, finding, item, detail."""
        return pd.DataFrame(self.rows, columns=["model", "finding", "item", "detail"], dtype=str)


def check_rules(reactions: pd.DataFrame, raw: RawModel, found: ItemFindings) -> None:
    """Blank the rules that do not parse, and complete the list of genes, both in place."""
    parsed: dict[str, frozenset[str] | None] = {}
    for text in set(reactions["gene_rule"]):
        try:
            parsed[text] = genes_of(parse_gpr(text))
        except InputError:
            parsed[text] = None
    bad = reactions["gene_rule"].map(lambda text: parsed[text] is None)
    found.note(
        "gene rule that does not parse",
        "the reaction is kept without a rule",
        reactions.loc[bad, ["reaction", "gene_rule"]].itertuples(index=False, name=None),
    )
    reactions.loc[bad, "gene_rule"] = ""
    in_rules = frozenset().union(*(genes for genes in parsed.values() if genes))
    listed = {name for name, _ in raw.genes}
    unlisted = sorted(in_rules - listed)
    found.note(
        "gene of a rule that the list of genes lacks",
        "added to the genes",
        [(name, "") for name in unlisted],
    )
    raw.genes += [(name, "") for name in unlisted]
    found.note(
        "gene that no rule names", "kept", [(name, "") for name in sorted(listed - in_rules)]
    )


def check_species(raw: RawModel, found: ItemFindings) -> pd.DataFrame:
    """Make the table of species (`bigg_models.BiggModel`) and note what is odd about them."""
    rows = [
        (name, _metabolite(name, compartment), compartment, label, formula, charge)
        for name, compartment, label, formula, charge in raw.species
    ]
    columns = ["species", "metabolite", "compartment", "name", "formula", "charge"]
    species = pd.DataFrame(rows, columns=columns).astype({"charge": "Int64"})
    odd = species["species"] != species["metabolite"] + "_" + species["compartment"]
    found.note(
        "species whose name does not end in its compartment",
        "the metabolite is what stands before the last underscore",
        species.loc[odd, ["species", "compartment"]].itertuples(index=False, name=None),
    )
    words = species["formula"].str.lower().isin(["none", "null", "nan"])
    found.note(
        "formula that is a word for none",
        "taken as unknown",
        species.loc[words, ["species", "formula"]].itertuples(index=False, name=None),
    )
    species.loc[words, "formula"] = ""

    def pick(finding: str, treatment: str, test: Callable[[str], bool]) -> None:
        hit = species["formula"].map(test)
        found.note(
            finding,
            treatment,
            species.loc[hit, ["species", "formula"]].itertuples(index=False, name=None),
        )

    unknown = "kept; the reactions with it are not checked for balance"
    pick("species without formula", unknown, lambda formula: not formula)
    pick(
        "formula with a residue (R, X)",
        unknown,
        lambda formula: "*" in (known_atoms(formula) or {}),
    )
    pick(
        "formula of a polymer or not readable",
        unknown,
        lambda formula: bool(formula) and known_atoms(formula) is None,
    )
    uncharged = species.loc[species["charge"].isna(), "species"]
    found.note(
        "species without charge", "kept, the charge is missing", [(i, "") for i in uncharged]
    )
    species.insert(0, "model", found.model)
    return species


def check_balance(stoichiometry: pd.DataFrame, species: pd.DataFrame, found: ItemFindings) -> None:
    """Note the reactions that make or lose atoms, where all formulas are known."""
    atoms: dict[str, dict[str, int]] = {}
    for name, formula in zip(species["species"], species["formula"], strict=True):
        counted = known_atoms(formula)
        if counted is not None and "*" not in counted:
            atoms[name] = counted
    excess = _unbalanced(stoichiometry, atoms)
    found.note(
        "reaction that is not balanced, all its formulas being known",
        "kept; exchanges are not checked",
        [
            (
                str(reaction),
                " ".join(
                    f"{element}{value:+.6g}"
                    for element, value in zip(rows["element"], rows["excess"], strict=True)
                ),
            )
            for reaction, rows in excess.groupby("reaction", sort=True)
        ],
    )


def differing_reactions(stoichiometry: pd.DataFrame) -> int:
    """Count the reactions whose stoichiometry is not the same in all models that have them."""
    rows = stoichiometry.sort_values(["model", "reaction", "species"])
    term = rows["species"] + " " + rows["coefficient"].map("{:.9g}".format)
    equations = term.groupby([rows["model"], rows["reaction"]], sort=False).agg("; ".join)
    return int((equations.groupby("reaction").nunique() > 1).sum())


def _metabolite(species: str, compartment: str) -> str:
    if compartment and species.endswith(f"_{compartment}"):
        return species.removesuffix(f"_{compartment}")
    return species.rpartition("_")[0] or species


def _unbalanced(stoichiometry: pd.DataFrame, atoms: Mapping[str, dict[str, int]]) -> pd.DataFrame:
    """Atoms that reactions make (positive) or lose: reaction, element, excess.

    Reactions with a species of unknown formula are left out, and so are those with species on
    one side only, which exchange matter with the outside.
    """
    signs = stoichiometry["coefficient"] > 0
    by_reaction = stoichiometry["reaction"]
    inside = signs.groupby(by_reaction).transform("nunique").eq(2)
    known = stoichiometry["species"].isin(list(atoms)).groupby(by_reaction).transform("all")
    composition = pd.DataFrame(
        [(species, element, n) for species, found in atoms.items() for element, n in found.items()],
        columns=["species", "element", "atoms"],
    )
    rows = stoichiometry[inside & known].merge(composition, on="species")
    rows["excess"] = rows["coefficient"] * rows["atoms"]
    rows["size"] = rows["excess"].abs()
    sums = rows.groupby(["reaction", "element"], sort=True)[["excess", "size"]].sum().reset_index()
    wrong = sums["excess"].abs() > _BALANCE_TOLERANCE * sums["size"].clip(lower=1.0)
    return sums.loc[wrong, ["reaction", "element", "excess"]]
