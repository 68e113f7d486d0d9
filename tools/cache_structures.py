"""Structures of BiGG metabolites from the compounds of equilibrator-cache-data (MIT licence).

build_metabolite_structures.py takes them for metabolites that no other source has. A compound's
SMILES comes first, its InChI where only that has the annotated stereochemistry; amides that
either writes as imidic acids are amides again. What agrees with the annotation of BiGG is taken,
as from every source, and more is asked: BiGG's InChIKeys and the cache are both from MetaNetX,
which takes some ids for other compounds (a fatty acid for sorafenib tosylate), so that the
formula has to agree as well; where only a formula tells, so have the hydrogens.
The rest is told with its reason, and so are differences of skeleton (docs/structures.md).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from equilibrator_cache_data import MINI_COMPOUND_CACHE_PATH
from rdkit import Chem
from rdkit.Chem import rdMolHash
from structure_checks import (
    Evidence,
    Stereo,
    formula_of_smiles,
    heavy_formula_of_smiles,
    listed_heavy,
    smiles_charge,
)
from structure_choice import Metabolite, Structure, choose, has_hydrogens_of

from gemwright.sources.structures import (
    canonical_smiles,
    inchikey,
    molecule,
    quiet_rdkit,
)

DIFFERENCE_COLUMNS = (
    "bigg_id",
    "kind",
    "verified_by",
    "inchikey",
    "inchikey_cache",
    "smiles",
    "smiles_cache",
)


class Compound(NamedTuple):
    """What the cache holds of a compound; an empty text where it has none."""

    smiles: str
    inchi: str
    inchikey: str


def read_cache() -> dict[str, Compound]:
    """Read the compounds that have a structure, by BiGG id; each id has one compound."""
    file = f"{MINI_COMPOUND_CACHE_PATH.as_uri()}?mode=ro&immutable=1"
    with sqlite3.connect(file, uri=True) as base:
        rows = base.execute(
            "SELECT i.accession, c.smiles, c.inchi, c.inchi_key"
            " FROM compound_identifiers i JOIN registries r ON r.id = i.registry_id"
            " JOIN compounds c ON c.id = i.compound_id WHERE r.namespace = 'bigg.metabolite'"
            " ORDER BY i.accession"
        ).fetchall()
    found = {name: Compound(*((text or "").strip() for text in texts)) for name, *texts in rows}
    return {name: compound for name, compound in found.items() if any(compound)}


# A carbon between two nitrogens is met where one of them holds it by a double bond.
_IMIDIC = Chem.MolFromSmarts("[#7;!$(*=*=*)]=[CX3]-[OX2H1,OX1-]")


def as_amide(smiles: str) -> str:
    """Write imidic acids ``N=C(O)`` and their ions as the amides that they are, canonical.

    InChI does not tell the two, RDKit reads the acid from it; MetaNetX, where the cache has its
    structures from, has ``[NH+]=C([O-])`` as well. Aromatic rings are left alone.
    """
    mol = Chem.RWMol(molecule(smiles))
    for nitrogen, carbon, oxygen in mol.GetSubstructMatches(_IMIDIC):
        mol.GetBondBetweenAtoms(nitrogen, carbon).SetBondType(Chem.BondType.SINGLE)
        mol.GetBondBetweenAtoms(carbon, oxygen).SetBondType(Chem.BondType.DOUBLE)
        donor, acceptor = mol.GetAtomWithIdx(oxygen), mol.GetAtomWithIdx(nitrogen)
        donor.SetFormalCharge(0)
        donor.SetNumExplicitHs(0)
        hydrogens = acceptor.GetTotalNumHs() + (acceptor.GetFormalCharge() == 0)
        acceptor.SetFormalCharge(0)
        acceptor.SetNoImplicit(True)
        acceptor.SetNumExplicitHs(hydrogens)
    with quiet_rdkit():
        Chem.SanitizeMol(mol)
        Chem.AssignStereochemistry(mol, cleanIt=True, force=True)
    return canonical_smiles(Chem.MolToSmiles(mol))


def candidates(compound: Compound) -> list[tuple[str, str]]:
    """Give method and SMILES of what RDKit can read of a compound, its SMILES first."""
    read: list[tuple[str, str]] = []
    with quiet_rdkit():
        by_inchi = Chem.MolFromInchi(compound.inchi) if compound.inchi else None
    texts = [("cache:smiles", compound.smiles)]
    if by_inchi is not None:
        texts.append(("cache:inchi", Chem.MolToSmiles(by_inchi)))
    for method, text in texts:
        try:
            read.append((method, as_amide(text)))
        except (ValueError, Chem.MolSanitizeException):
            continue
    return read


def take(metabolite: Metabolite, compound: Compound) -> Structure | str:
    """Choose the structure of a metabolite, or say why there is none.

    Parameters
    ----------
    metabolite : Metabolite
        The metabolite.
    compound : Compound
        Its compound of the cache.

    Returns
    -------
    Structure or str
        The structure, or the reason why the compound is left out.
    """
    offered = candidates(compound)
    if not offered:
        return "nothing that RDKit reads"
    if not any(heavy_formula_of_smiles(smiles).keys() - {"*"} for _, smiles in offered):
        return "a residue alone"
    if not metabolite.formulas and not metabolite.inchikeys:
        return "BiGG tells neither formula nor InChIKey"
    told = listed_heavy(metabolite.formulas)
    chosen = [one for one in (choose(metabolite, [offer]) for offer in offered) if one is not None]
    if not chosen:
        what = "InChIKey" if metabolite.inchikeys else "formula"
        if compound.inchikey[:14] in {key[:14] for key in metabolite.inchikeys}:
            return "RDKit gives what it reads another InChIKey"
        return f"BiGG's {what} is another"
    best = next((one for one in chosen if one.verification.stereo is Stereo.MATCHES), chosen[0])
    heavy = heavy_formula_of_smiles(best.smiles)
    if told and heavy not in told:
        return "BiGG's InChIKey and formula are of two compounds"
    by_formula = best.verification.evidence is Evidence.HEAVY_FORMULA
    if by_formula and best.verification.inchikey[:14] != compound.inchikey[:14]:
        return "SMILES and InChI are of two skeletons"
    if by_formula and not has_hydrogens_of(metabolite, best.smiles):
        return "the hydrogens of BiGG's formula are others"
    return best


def from_cache(
    metabolites: Mapping[str, Metabolite], known: Collection[str]
) -> tuple[list[Structure], dict[str, str]]:
    """Structures of the metabolites that have none.

    Parameters
    ----------
    metabolites : mapping of str to Metabolite
        Those of the universal model.
    known : collection of str
        Those that have a structure.

    Returns
    -------
    list of Structure
        What is taken, sorted by BiGG id.
    dict of str to str
        What the cache has besides, and the reason why it is left out.
    """
    taken, left_out = [], {}
    for name, compound in sorted(read_cache().items()):
        if name in metabolites and name not in known:
            found = take(metabolites[name], compound)
            if isinstance(found, str):
                left_out[name] = found
            else:
                taken.append(found)
    return taken, left_out


def kind_of_difference(ours: str, other: str) -> str:
    """Say in what two structures of one metabolite differ, by SMILES.

    Returns
    -------
    str
        One of: other heavy atoms, other hydrogens, open and closed, other ring, tautomer (the same
        neighbours, hydrogens elsewhere), isomer.
    """
    if heavy_formula_of_smiles(ours) != heavy_formula_of_smiles(other):
        return "other heavy atoms"
    protons = [formula_of_smiles(one).get("H", 0) - smiles_charge(one) for one in (ours, other)]
    if protons[0] != protons[1]:
        return "other hydrogens"
    read = [molecule(ours), molecule(other)]  # rings are gone with the molecule
    rings = [sorted(len(ring) for ring in mol.GetRingInfo().AtomRings()) for mol in read]
    if len(rings[0]) != len(rings[1]):
        closed = "ours" if len(rings[0]) > len(rings[1]) else "the cache's"
        return f"open and closed: {closed} has the ring"
    if rings[0] != rings[1]:
        return "other ring"
    graphs = {rdMolHash.MolHash(mol, rdMolHash.HashFunction.ElementGraph) for mol in read}
    return "tautomer" if len(graphs) == 1 else "isomer"


def differences(rows: Iterable[Mapping[str, str]]) -> list[tuple[str, ...]]:
    """List where our table and the cache have different skeletons.

    Parameters
    ----------
    rows : iterable of mapping
        Rows of the table by column; those from the cache and those without InChIKey say nothing.

    Returns
    -------
    list of tuple of str
        In the order of `DIFFERENCE_COLUMNS`, sorted by BiGG id.
    """
    cache = read_cache()
    found = []
    for row in rows:
        compound = cache.get(row["bigg_id"])
        if compound is None or not row["inchikey"] or row["method"].startswith("cache"):
            continue
        if compound.inchikey[:14] == row["inchikey"][:14]:
            continue
        offered = [smiles for _, smiles in candidates(compound) if inchikey(smiles)]
        if not offered:
            continue
        key = compound.inchikey or inchikey(offered[0])
        if key[:14] != row["inchikey"][:14]:
            kind = kind_of_difference(row["smiles"], offered[0])
            one = (row["bigg_id"], kind, row["verified_by"], row["inchikey"], key)
            found.append((*one, row["smiles"], offered[0]))
    return found
