"""Protein sequences of KEGG GENES, as ``rest.kegg.jp/get/<genes>/aaseq`` serves them.

Source: KEGG (Kanehisa et al.), academic use only. A header reads
``>eco:b0002 K12524 bifunctional aspartokinase ... | (RefSeq) thrA``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gemwright.errors import FETCH_AGAIN, InputError
from gemwright.gem.gpr import SPONTANEOUS_GENES
from gemwright.io.compressed import reading
from gemwright.io.fasta import PLACEHOLDER, read_fasta
from gemwright.io.files import sha256_text
from gemwright.sources.findings import Findings
from gemwright.sources.parsed import ParsedTables

#: KEGG organism of a model: E. coli K-12 MG1655 and S. cerevisiae S288C.
ORGANISM_CODES = {"e_coli_core": "eco", "iMM904": "sce", "iML1515": "eco"}
#: Models with gene deletion strategies: those of DeepGDel, whose sequences are KEGG's.
STRATEGY_MODELS = tuple(ORGANISM_CODES)
#: Genes of models that no genome has: reactions without an enzyme, or with an unknown one.
PSEUDO_GENES = SPONTANEOUS_GENES | {"UNKNOWN"}

# BiGG allows no hyphen: YBR058C-A of yeast is YBR058C_A there
_YEAST_SUFFIX = re.compile(r"(Y[A-P][LR]\d{3}[CW])_([A-Z])")
_HEADER = re.compile(r"([a-z]{3,4}|T\d{5}):(\S+)")
_AMBIGUOUS = re.compile("[BJXZ]")


@dataclass(frozen=True)
class KeggGenes:
    """KEGG identifiers of a model's genes.

    Attributes
    ----------
    identifiers : pandas.DataFrame
        model, gene (as in the model), kegg (``eco:b0002``); in the order given.
    left_out : list of str
        Genes of the model that are `PSEUDO_GENES`.
    """

    identifiers: pd.DataFrame
    left_out: list[str]


@dataclass(frozen=True)
class KeggTables(ParsedTables):
    """Sequences read from KEGG.

    Attributes
    ----------
    sequences : pandas.DataFrame
        organism_code, gene (as BiGG spells it), sequence, enzyme (SHA-256 of the sequence),
        placeholder (bool: the sequence is `PLACEHOLDER`, not a protein's).
    missing : pandas.DataFrame
        gene, reason (``not in the file``, ``internal stop``).
    findings : pandas.DataFrame
        item, count, treatment.
    """

    sequences: pd.DataFrame
    missing: pd.DataFrame
    findings: pd.DataFrame


def kegg_gene_ids(model: str, genes: Iterable[str]) -> KeggGenes:
    """Write a model's genes as KEGG does.

    Parameters
    ----------
    model : str
        One of `ORGANISM_CODES`.
    genes : iterable of str
        Genes as BiGG spells them.

    Raises
    ------
    InputError
        If the organism of the model is not known here.
    """
    if model not in ORGANISM_CODES:
        raise InputError(
            f"model {model!r}",
            "has no KEGG organism code",
            f"use one of {', '.join(sorted(ORGANISM_CODES))}",
        )
    code = ORGANISM_CODES[model]
    listed = list(dict.fromkeys(genes))
    kept = [gene for gene in listed if gene not in PSEUDO_GENES]
    names = [_YEAST_SUFFIX.sub(r"\1-\2", gene) if code == "sce" else gene for gene in kept]
    return KeggGenes(
        pd.DataFrame(
            {"model": model, "gene": kept, "kegg": [f"{code}:{name}" for name in names]}, dtype=str
        ),
        [gene for gene in listed if gene in PSEUDO_GENES],
    )


def _check_headers(path: str | Path) -> list[str]:
    """Give the identifiers of all headers in order; each must be a KEGG one."""
    found = []
    with reading(path) as handle:
        for number, line in enumerate(handle, start=1):
            spot = f"{path}, line {number}"
            if line.lstrip().startswith("<"):
                raise InputError(
                    spot,
                    "is an HTML page, not FASTA",
                    FETCH_AGAIN,
                )
            if line.startswith(">"):
                name = (line[1:].split() or [""])[0]
                if not _HEADER.fullmatch(name):
                    raise InputError(
                        spot,
                        f"{name!r} is no KEGG gene",
                        "headers read like '>eco:b0002 ...'",
                    )
                found.append(name)
    return found


def read_kegg_sequences(path: str | Path, expected: Iterable[str] = ()) -> KeggTables:
    """Read protein sequences in KEGG's FASTA.

    Parameters
    ----------
    path : str or Path
        FASTA, gzipped if the name ends in ``.gz``.
    expected : iterable of str
        Genes, as BiGG spells them, that the file should hold; `PSEUDO_GENES` among them are not
        missed.

    Raises
    ------
    InputError
        As `io.fasta.read_fasta` (a gene twice, an illegal residue, no sequence), or if a header
        holds no KEGG gene, or the file is an HTML page.
    """
    where = str(path)
    headers = _check_headers(path)
    sequences = read_fasta(path)
    parts = [name.partition(":") for name in sequences]
    genes = [gene.replace("-", "_") for _, _, gene in parts]
    table = pd.DataFrame(
        {
            "organism_code": [code for code, _, _ in parts],
            "gene": genes,
            "sequence": list(sequences.values()),
            "enzyme": [sha256_text(sequence) for sequence in sequences.values()],
            "placeholder": [sequence == PLACEHOLDER for sequence in sequences.values()],
        }
    )
    twice = table.duplicated(["organism_code", "gene"])
    if twice.any():
        raise InputError(
            where,
            f"the gene {table.loc[twice, 'gene'].iloc[0]!r} stands there twice,"
            " with a hyphen and an underscore",
            "keep one of them",
        )
    stopped = [
        name.partition(":")[2].replace("-", "_") for name in headers if name not in sequences
    ]
    known = {*genes, *stopped}
    absent = [
        gene for gene in dict.fromkeys(expected) if gene not in known and gene not in PSEUDO_GENES
    ]
    missing = pd.DataFrame(
        [
            *((gene, "not in the file") for gene in absent),
            *((gene, "internal stop") for gene in stopped),
        ],
        columns=["gene", "reason"],
        dtype=str,
    )

    findings = Findings()
    real = table[~table["placeholder"]]
    findings.add("gene expected and not in the file", len(absent), "listed in `missing`")
    findings.add("sequence with an internal stop", len(stopped), "left out, listed in `missing`")
    findings.add(
        f"placeholder {PLACEHOLDER} for a sequence",
        table["placeholder"],
        "kept, marked in `placeholder`",
    )
    findings.add("pseudo-gene of the models", table["gene"].isin(PSEUDO_GENES), "kept as it is")
    findings.add("gene with the sequence of an earlier one", real["enzyme"].duplicated(), "kept")
    findings.add(
        "sequence with an ambiguous residue (B, J, X, Z)",
        real["sequence"].str.contains(_AMBIGUOUS),
        "kept as it is",
    )
    findings.add(
        "sequence with selenocysteine or pyrrolysine",
        real["sequence"].str.contains("[UO]"),
        "kept as it is",
    )
    findings.add(
        "gene that KEGG spells with a hyphen",
        sum("-" in name for name in sequences),
        "spelt with an underscore, as BiGG does",
    )
    return KeggTables(table, missing, findings.frame())
