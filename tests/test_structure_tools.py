"""Closed-form cases of the checks and forms with which the table of structures is built."""

from __future__ import annotations

import pytest
from structure_checks import (
    Evidence,
    Stereo,
    acp_as_residue,
    formula_of_smiles,
    heavy_formula,
    heavy_formula_of_smiles,
    smiles_charge,
    verify_structure,
)
from structure_forms import physiological_smiles, resolve_stereo

from gemwright.gem.formulas import count_atoms, known_atoms, parse_formula
from gemwright.sources.structures import canonical_smiles, inchikey

L_ALANINE = "C[C@H](N)C(=O)O"
L_ALANINE_KEY = "QNAYBMKLOCPYGJ-REOHCLBHSA-N"
D_ALANINE_KEY = "QNAYBMKLOCPYGJ-UWTATZPHSA-N"
FLAT_ALANINE_KEY = "QNAYBMKLOCPYGJ-UHFFFAOYSA-N"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("C6H11O9P", {"C": 6, "O": 9, "P": 1}),
        ("H2", {}),
        ("H", {}),
        ("Fe2S2*", {"*": 1, "Fe": 2, "S": 2}),
        ("C3H3O3SR", {"*": 1, "C": 3, "O": 3, "S": 1}),
        ("CH3X", {"*": 1, "C": 1}),
        ("C14H8I4O4", {"C": 14, "I": 4, "O": 4}),
        ("CHCl3", {"C": 1, "Cl": 3}),
        ("Co", {"Co": 1}),
        ("CO", {"C": 1, "O": 1}),
    ],
)
def test_heavy_formula(formula: str, expected: dict[str, int]) -> None:
    assert heavy_formula(formula) == expected


@pytest.mark.parametrize("formula", ["", "(C6H10O5)n", "c6h6", "C6H12O6-", "Qq2", "C6 H6"])
def test_unreadable_formula_is_refused(formula: str) -> None:
    with pytest.raises(ValueError):
        heavy_formula(formula)


def test_parse_formula_adds_up_repeated_symbols() -> None:
    assert parse_formula("CH3COOH") == {"C": 2, "H": 4, "O": 2}


def test_formulas_that_are_not_molecular() -> None:
    assert known_atoms("(C6H10O5)n") is None
    assert known_atoms("") is None
    assert known_atoms("C2H3OR") == {"*": 1, "C": 2, "H": 3, "O": 1}
    assert count_atoms("(C6H10O5)n") == {"C": 6, "H": 10, "O": 5}
    assert count_atoms("C0.5HX") == {"C": 0.5, "H": 1, "X": 1}
    assert known_atoms("C" + "6" * 400) is None
    assert count_atoms("C" + "6" * 400 + "H2") == {"C": 1, "H": 2}
    assert known_atoms("C\u0662") is None


def test_formulas_of_smiles() -> None:
    assert formula_of_smiles(L_ALANINE) == {"C": 3, "H": 7, "N": 1, "O": 2}
    assert heavy_formula_of_smiles("*SC(C)=O") == {"*": 1, "C": 2, "O": 1, "S": 1}
    assert heavy_formula_of_smiles("[H+]") == {}
    assert formula_of_smiles("[H][H]") == {"H": 2}


def test_charge_of_smiles() -> None:
    assert smiles_charge("[O-]C(=O)C[N+](C)(C)C") == 0
    assert smiles_charge("[O-]P([O-])(=O)O") == -2


def test_verify_by_inchikey() -> None:
    result = verify_structure(L_ALANINE, ["C3H7NO2"], [L_ALANINE_KEY])
    assert result.accepted
    assert result.evidence is Evidence.INCHIKEY_BLOCK1
    assert result.stereo is Stereo.MATCHES
    assert result.inchikey == L_ALANINE_KEY


def test_protonation_is_no_difference() -> None:
    result = verify_structure("C[C@H]([NH3+])C(=O)[O-]", [], [L_ALANINE_KEY])
    assert result.stereo is Stereo.MATCHES


def test_enantiomer_differs_in_stereo_only() -> None:
    result = verify_structure(L_ALANINE, ["C3H7NO2"], [D_ALANINE_KEY])
    assert result.accepted
    assert result.stereo is Stereo.DIFFERS


def test_inchikey_overrules_the_formula() -> None:
    beta_alanine = "NCCC(=O)O"
    assert not verify_structure(beta_alanine, ["C3H7NO2"], [L_ALANINE_KEY]).accepted
    by_formula = verify_structure(beta_alanine, ["C3H6NO2"], [])
    assert by_formula.evidence is Evidence.HEAVY_FORMULA
    assert by_formula.stereo is Stereo.UNCHECKED


def test_any_listed_formula_will_do() -> None:
    assert verify_structure("CCO", ["(C6H10O5)n", "C6H6", "C2H5O"], []).accepted
    assert not verify_structure("CCO", ["C6H6"], []).accepted
    assert not verify_structure("CCO", [], []).accepted


def test_residue_needs_a_residue() -> None:
    assert verify_structure("*SC(C)=O", ["C2H3OSR"], []).accepted
    assert not verify_structure("CSC(C)=O", ["C2H3OSR"], []).accepted
    assert not verify_structure("*SC(C)=O", ["C2H3OS"], []).accepted


def test_whole_acyl_carrier_protein_is_a_residue() -> None:
    holo = heavy_formula("C384H603N96O142PS3")
    pantetheine = "*OP(=O)(O)OCC(C)(C)[C@@H](O)C(=O)NCCC(=O)NCCS"
    assert acp_as_residue(holo) == heavy_formula_of_smiles(pantetheine)
    small = heavy_formula("C6H12O6")
    assert acp_as_residue(small) == small


@pytest.mark.parametrize(
    ("smiles", "formula", "charge", "expected"),
    [
        ("CC(=O)O", "C2H3O2", -1, "CC(=O)[O-]"),
        ("CC(N)C(=O)O", "C3H7NO2", 0, "CC([NH3+])C(=O)[O-]"),
        ("NCCCCN", "C4H14N2", 2, "[NH3+]CCCC[NH3+]"),
        ("COP(=O)(O)O", "CH3O4P", -2, "COP(=O)([O-])[O-]"),
        ("OC(=O)CC(=O)C(=O)O", "C4H2O5", -2, "O=C([O-])CC(=O)C(=O)[O-]"),
        ("CO", "CH4O", 0, "CO"),
        ("CCO", None, None, "CCO"),
        # Hydrogens and charge that no protonation explains are left alone.
        ("CCO", "C2H4O", 0, "CCO"),
    ],
)
def test_physiological_smiles(
    smiles: str, formula: str | None, charge: int | None, expected: str
) -> None:
    assert physiological_smiles(smiles, formula, charge) == canonical_smiles(expected)


def test_resolve_open_centre() -> None:
    found = resolve_stereo("CC(N)C(=O)O", [L_ALANINE_KEY])
    assert found == canonical_smiles(L_ALANINE)


def test_resolve_inverted_centre() -> None:
    found = resolve_stereo(L_ALANINE, [D_ALANINE_KEY])
    assert found is not None
    assert inchikey(found) == D_ALANINE_KEY


def test_resolve_double_bond() -> None:
    fumaric = inchikey("OC(=O)/C=C/C(=O)O")
    maleic = inchikey(r"OC(=O)/C=C\C(=O)O")
    assert fumaric != maleic
    for key in (fumaric, maleic):
        found = resolve_stereo("OC(=O)C=CC(=O)O", [key])
        assert found is not None
        assert inchikey(found) == key


def test_resolve_leaves_an_anomer_open() -> None:
    glucose = "WQZGKKKJIJFFOK-GASJEMHNSA-N"
    found = resolve_stereo("OCC1OC(O)C(O)C(O)C1O", [glucose])
    assert found is not None
    assert inchikey(found) == glucose


def test_resolve_gives_up() -> None:
    assert resolve_stereo("CC(N)C(=O)O", [FLAT_ALANINE_KEY]) is None
    assert resolve_stereo("CC(N)C(=O)O", [inchikey("C[C@H](O)CC")]) is None
    assert resolve_stereo("CC(N)C(=O)O", [L_ALANINE_KEY], max_open=0) is None
