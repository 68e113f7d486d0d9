"""A metabolite as BiGG annotates it, and the choice of its structure among candidates."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version

from structure_checks import (
    Stereo,
    Verification,
    formula_of_smiles,
    smiles_charge,
    verify_structure,
)
from structure_forms import physiological_smiles, resolve_stereo

from gemwright.gem.formulas import parse_formula

COLUMNS = ("bigg_id", "smiles", "inchikey", "method", "verified_by", "stereo", "source")


@dataclass
class Metabolite:
    """What BiGG says about a metabolite, over all compartments."""

    bigg_id: str
    names: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    charges: list[int] = field(default_factory=list)
    inchikeys: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Structure:
    """A verified structure, one row of the table."""

    bigg_id: str
    smiles: str
    method: str
    verification: Verification

    def row(self) -> tuple[str, ...]:
        """Return the row in the order of `COLUMNS`."""
        check = self.verification
        return (
            self.bigg_id,
            self.smiles,
            check.inchikey,
            self.method,
            check.evidence.value,
            check.stereo.value,
            source_of(self.method),
        )


def source_of(method: str) -> str:
    """Package or file that a method takes its structures from."""
    kind = method.partition(":")[0]
    if kind in _PACKAGES:
        return f"{_PACKAGES[kind]} {version(_PACKAGES[kind])}"
    return _FILES[kind]


_PACKAGES = {"opsin": "py2opsin", "cache": "equilibrator-cache-data"}
_FILES = {"template": "tools/structure_families.py", "handwritten": "tools/handwritten_smiles.tsv"}


def has_hydrogens_of(metabolite: Metabolite, smiles: str) -> bool:
    """Compare hydrogens less charge, which protonation does not change."""
    try:
        present = formula_of_smiles(smiles).get("H", 0) - smiles_charge(smiles)
        expected = {
            parse_formula(formula).get("H", 0) - charge
            for formula in metabolite.formulas
            for charge in metabolite.charges
        }
    except ValueError:
        return False
    return not expected or present in expected


def choose(metabolite: Metabolite, candidates: Iterable[tuple[str, str]]) -> Structure | None:
    """Pick the best of the candidates that can be verified.

    Parameters
    ----------
    metabolite : Metabolite
        The metabolite.
    candidates : iterable of tuple of (str, str)
        Method and SMILES, most trusted first.

    Returns
    -------
    Structure or None
        The first one whose stereochemistry agrees with the annotation, else the
        first one verified.
    """
    verified: list[Structure] = []
    for method, smiles in candidates:
        try:
            check = verify_structure(smiles, metabolite.formulas, metabolite.inchikeys)
        except ValueError as error:
            print(f"  {metabolite.bigg_id} ({method}): {error}", file=sys.stderr)
            continue
        if check.accepted:
            verified.append(Structure(metabolite.bigg_id, smiles, method, check))
            if check.stereo is Stereo.MATCHES:
                break
    if not verified:
        return None
    best = verified[-1] if verified[-1].verification.stereo is Stereo.MATCHES else None
    if best is None and metabolite.inchikeys:
        best = _with_annotated_stereo(verified, metabolite)
    return _at_bigg_charge(best or verified[0], metabolite)


def _with_annotated_stereo(
    verified: Iterable[Structure], metabolite: Metabolite
) -> Structure | None:
    for one in verified:
        smiles = resolve_stereo(one.smiles, metabolite.inchikeys)
        if smiles is not None:
            check = verify_structure(smiles, metabolite.formulas, metabolite.inchikeys)
            return Structure(one.bigg_id, smiles, one.method, check)
    return None


def _at_bigg_charge(structure: Structure, metabolite: Metabolite) -> Structure:
    formula = metabolite.formulas[0] if metabolite.formulas else None
    charge = metabolite.charges[0] if metabolite.charges else None
    smiles = physiological_smiles(structure.smiles, formula, charge)
    check = verify_structure(smiles, metabolite.formulas, metabolite.inchikeys)
    return Structure(structure.bigg_id, smiles, structure.method, check)
