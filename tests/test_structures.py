"""Canonical SMILES, InChIKeys, and the table of metabolites' structures."""

import pytest

from gemwright.errors import InputError
from gemwright.sources.structures import canonical_smiles, inchikey, read_structures

L_ALANINE = "C[C@H](N)C(=O)O"
L_ALANINE_KEY = "QNAYBMKLOCPYGJ-REOHCLBHSA-N"
D_ALANINE_KEY = "QNAYBMKLOCPYGJ-UWTATZPHSA-N"
FLAT_ALANINE_KEY = "QNAYBMKLOCPYGJ-UHFFFAOYSA-N"


@pytest.mark.parametrize(
    ("smiles", "key"),
    [
        ("O", "XLYOFNOQVPJJNP-UHFFFAOYSA-N"),
        ("OCC", "LFQSCWFLJHTTHZ-UHFFFAOYSA-N"),
        (L_ALANINE, L_ALANINE_KEY),
        ("C[C@@H](N)C(=O)O", D_ALANINE_KEY),
        ("CC(N)C(=O)O", FLAT_ALANINE_KEY),
        ("*CC", ""),
    ],
)
def test_inchikey(smiles: str, key: str) -> None:
    assert inchikey(smiles) == key


@pytest.mark.parametrize("smiles", ["", "C1CC", "not a molecule", "C(C)(C)(C)(C)C"])
def test_bad_smiles_is_refused(smiles: str) -> None:
    with pytest.raises(ValueError):
        canonical_smiles(smiles)


def test_a_structure_that_cannot_be_read_is_told_with_its_name(tmp_path):
    path = tmp_path / "structures.tsv"
    path.write_text("bigg_id\tsmiles\netoh\tCCO\nnone\t\nbad\tC(\n")
    with pytest.raises(InputError, match=r"structures\.tsv, line 4, .bad.: .*C\(") as caught:
        read_structures(path)
    assert "leave it empty" in str(caught.value)
    path.write_text("bigg_id\tsmiles\netoh\tOCC\nnone\t\n")
    assert read_structures(path).values.tolist() == [["etoh", "OCC"]]


def test_a_table_of_structures_without_smiles_is_refused(tmp_path):
    (tmp_path / "structures.tsv").write_text("bigg_id\tinchikey\netoh\t\n")
    with pytest.raises(InputError, match=r"table of structures lacks the column\(s\) smiles"):
        read_structures(tmp_path / "structures.tsv")


def test_a_metabolite_has_one_structure(tmp_path):
    path = tmp_path / "structures.tsv"
    path.write_text("bigg_id\tsmiles\netoh\tCCO\netoh\tOCC\n")
    with pytest.raises(InputError, match="'etoh': stands there twice"):
        read_structures(path)
