"""What the table of structures takes from equilibrator-cache-data, and what it leaves out."""

import pytest
from cache_structures import (
    Compound,
    as_amide,
    candidates,
    from_cache,
    kind_of_difference,
    read_cache,
    take,
)
from structure_choice import Metabolite, Structure

from gemwright.sources.structures import canonical_smiles, inchikey

PYRUVATE = Compound("CC(=O)C([O-])=O", "", "LCTONWCANYUPML-UHFFFAOYSA-M")
FUMARATE = inchikey("OC(=O)/C=C/C(=O)O")


def metabolite(formulas=(), inchikeys=(), charges=()):
    return Metabolite("x", formulas=[*formulas], inchikeys=[*inchikeys], charges=[*charges])


@pytest.mark.parametrize(
    ("imidic", "amide"),
    [
        ("CC(O)=NC", "CNC(C)=O"),
        ("CC([O-])=[NH+]C", "CNC(C)=O"),
        ("CC([O-])=NC", "CNC(C)=O"),
        ("CC([O-])=[N+]([O-])C", "CN([O-])C(C)=O"),
        ("CC(N)=O", "CC(N)=O"),
        ("CN=C(O)NC", "CNC(=O)NC"),
        ("Oc1ccccn1", "Oc1ccccn1"),
        ("OC(=N[C@@H](C)C(=O)O)[C@@H](C)N", "C[C@@H](N)C(=O)N[C@@H](C)C(=O)O"),
    ],
)
def test_imidic_acids_are_amides(imidic, amide):
    assert as_amide(imidic) == canonical_smiles(amide)


def test_a_structure_is_taken_if_bigg_agrees():
    by_formula = take(metabolite(["C3H3O3"], charges=[-1]), PYRUVATE)
    by_key = take(metabolite([], ["LCTONWCANYUPML-UHFFFAOYSA-M"]), PYRUVATE)
    assert isinstance(by_formula, Structure) and isinstance(by_key, Structure)
    row = by_formula.row()
    assert (row[1], row[3], row[4]) == ("CC(=O)C(=O)[O-]", "cache:smiles", "heavy_formula")
    assert row[-1].startswith("equilibrator-cache-data 0.")
    assert by_key.row()[4] == "inchikey_block1"


def test_the_inchi_is_taken_where_only_it_has_the_stereochemistry():
    flat = "OC(=O)C=CC(=O)O"
    inchi = "InChI=1S/C4H4O4/c5-3(6)1-2-4(7)8/h1-2H,(H,5,6)(H,7,8)/b2-1+"
    assert [method for method, _ in candidates(Compound(flat, inchi, FUMARATE))] == [
        "cache:smiles",
        "cache:inchi",
    ]
    # a SMILES that leaves the bond open gets it from BiGG's key
    open_bond = take(metabolite([], [FUMARATE]), Compound(flat, inchi, FUMARATE))
    assert (open_bond.method, open_bond.verification.inchikey) == ("cache:smiles", FUMARATE)
    other = take(metabolite([], [FUMARATE]), Compound("OCC", inchi, FUMARATE))
    assert (other.method, other.verification.inchikey) == ("cache:inchi", FUMARATE)


@pytest.mark.parametrize(
    ("known", "compound", "reason"),
    [
        (metabolite(), PYRUVATE, "BiGG tells neither formula nor InChIKey"),
        (metabolite(["C4H4O4"]), PYRUVATE, "BiGG's formula is another"),
        (metabolite(["C3H3O3"], [FUMARATE]), PYRUVATE, "BiGG's InChIKey is another"),
        (
            metabolite(["C3H5O3"], charges=[-1]),
            PYRUVATE,
            "the hydrogens of BiGG's formula are others",
        ),
        (
            metabolite(["C3H3O3"]),
            PYRUVATE._replace(inchikey=FUMARATE),
            "SMILES and InChI are of two skeletons",
        ),
        (
            metabolite([], [FUMARATE]),
            PYRUVATE._replace(inchikey=FUMARATE),
            "RDKit gives what it reads another InChIKey",
        ),
        (
            metabolite(["C4H4O4"], [PYRUVATE.inchikey]),
            PYRUVATE,
            "BiGG's InChIKey and formula are of two compounds",
        ),
        (metabolite(["Z"]), Compound("*", "", ""), "a residue alone"),
        (metabolite(["C"]), Compound("", "", FUMARATE), "nothing that RDKit reads"),
    ],
)
def test_what_is_left_out_has_a_reason(known, compound, reason):
    assert take(known, compound) == reason


def test_only_metabolites_without_a_structure_are_asked_for():
    every = {name: metabolite() for name in ("pyr", "glc__D", "no_such_id")}
    taken, left_out = from_cache(every, {"glc__D"})
    assert (taken, list(left_out)) == ([], ["pyr"])
    assert read_cache()["pyr"].inchikey[:14] == PYRUVATE.inchikey[:14]


@pytest.mark.parametrize(
    ("ours", "other", "kind"),
    [
        ("CCO", "CCC", "other heavy atoms"),
        ("CCO", "CC=O", "other hydrogens"),
        ("C1CCCC(O)O1", "OCCCCC=O", "open and closed: ours has the ring"),
        ("OCCCCC=O", "C1CCCC(O)O1", "open and closed: the cache's has the ring"),
        ("CC1CCC(O)O1", "C1CCCC(O)O1", "other ring"),
        ("CC(=O)C=CO", "CC(O)=CC=O", "tautomer"),
        ("N#C[O-]", "N=C=O", "tautomer"),
        ("CCCO", "CC(C)O", "isomer"),
        ("CC(=O)[O-]", "OCC=O", "isomer"),
    ],
)
def test_kinds_of_difference(ours, other, kind):
    assert kind_of_difference(ours, other) == kind
