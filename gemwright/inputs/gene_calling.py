"""Genes of contigs, called by Prodigal (through its binding pyrodigal)."""

import logging
from collections.abc import Mapping

import pyrodigal

from gemwright.errors import InputError
from gemwright.inputs.called_genes import BACTERIAL, MYCOPLASMA, CalledGene, checked_protein
from gemwright.inputs.genetic_codes import GENETIC_CODES
from gemwright.io.limits import GENOME_BASES

logger = logging.getLogger(__name__)

#: What a genome codes for less is tried with the code of Mycoplasma as well; most have 0.88.
_DENSE = 0.85
#: How much more, and how much at least, it must then code for (CheckM, Parks et al. 2015).
_GAIN, _ENOUGH = 0.05, 0.7


def call_genes(
    contigs: Mapping[str, str], where: str, table: int | None = None
) -> list[CalledGene]:
    """Call the genes of a genome of bacteria or archaea.

    A genome of 20,000 bases or more is learned from (Prodigal's mode ``single``); a shorter one
    is compared with Prodigal's own genomes (mode ``meta``).

    Parameters
    ----------
    contigs : mapping of str to str
        Contig to its bases, upper case, IUPAC's codes.
    where : str
        The file, for messages.
    table : int, optional
        Genetic code, by NCBI's number. By default 11, or 4 if the genome codes for a twentieth
        more of itself with that, and for 70 % at least.

    Returns
    -------
    list of CalledGene
        Named ``<contig>_<number>`` as Prodigal does, in the order of the contigs.

    Raises
    ------
    InputError
        If the genome is that of no bacterium by its size, no gene is found, or Prodigal does not
        know the code.

    Notes
    -----
    Source: Hyatt et al., BMC Bioinformatics 11:119 (2010); Larralde, JOSS 7:4296 (2022).
    """
    bases = sum(map(len, contigs.values()))
    if bases > GENOME_BASES:
        raise InputError(
            where,
            f"has {bases:,} bases, more than {GENOME_BASES:,}: genes are called in genomes of"
            " bacteria and archaea only",
            "give the proteome, or the contigs of one organism",
        )
    clean = {name: sequence.replace("U", "T") for name, sequence in contigs.items()}
    if bases < pyrodigal.MIN_SINGLE_GENOME:
        genes = _called(clean, _meta_finder(where, table), "meta", where)
    elif table is not None:
        genes = _called(clean, _trained(clean, table), "single", where)
    else:
        genes = _with_chosen_code(clean, where)
    if not genes:
        raise InputError(
            where,
            f"no gene was found in its {bases:,} bases",
            "give the contigs of a bacterium or an archaeon",
        )
    partial = sum(bool(gene.partial) for gene in genes)
    logger.info(
        "%s: %d genes called on %d contigs (%d bases) by %s with the genetic code %d; %d lack an"
        " end",
        where, len(genes), len(contigs), bases, genes[0].source, genes[0].translation_table,
        partial,
    )  # fmt: skip
    return genes


def _with_chosen_code(contigs: Mapping[str, str], where: str) -> list[CalledGene]:
    genes = _called(contigs, _trained(contigs, BACTERIAL), "single", where)
    density = _coding_density(genes, contigs)
    if density >= _DENSE:
        return genes
    other = _called(contigs, _trained(contigs, MYCOPLASMA), "single", where)
    other_density = _coding_density(other, contigs)
    if other_density > _ENOUGH and other_density - density > _GAIN:
        logger.warning(
            "%s: codes for %.0f %% of itself with the genetic code %d, for %.0f %% with %d: the"
            " former is taken",
            where, 100 * other_density, MYCOPLASMA, 100 * density, BACTERIAL,
        )  # fmt: skip
        return other
    return genes


def _coding_density(genes: list[CalledGene], contigs: Mapping[str, str]) -> float:
    known = sum(len(sequence) - sequence.count("N") for sequence in contigs.values())
    return sum(gene.end - gene.start + 1 for gene in genes) / max(known, 1)


def _trained(contigs: Mapping[str, str], table: int) -> pyrodigal.GeneFinder:
    finder = pyrodigal.GeneFinder()
    finder.train(*contigs.values(), translation_table=table)
    return finder


def check_table(table: int, where: str) -> None:
    """Check that a genetic code is one of `GENETIC_CODES`.

    Raises
    ------
    InputError
        If not.
    """
    if table not in GENETIC_CODES:
        raise InputError(
            where,
            f"the genetic code {table} is unknown",
            f"use NCBI's number, one of {', '.join(map(str, sorted(GENETIC_CODES)))}",
        )


def _meta_finder(where: str, table: int | None) -> pyrodigal.GeneFinder:
    if table is None:
        return pyrodigal.GeneFinder(meta=True)
    bins = [
        one for one in pyrodigal.METAGENOMIC_BINS if one.training_info.translation_table == table
    ]
    if not bins:
        raise InputError(
            where,
            f"has fewer than {pyrodigal.MIN_SINGLE_GENOME:,} bases, and for so few Prodigal does"
            f" not know the genetic code {table}",
            "use 4 or 11, or give more of the genome",
        )
    return pyrodigal.GeneFinder(meta=True, metagenomic_bins=pyrodigal.MetagenomicBins(bins))


def _called(
    contigs: Mapping[str, str], finder: pyrodigal.GeneFinder, mode: str, where: str
) -> list[CalledGene]:
    source = f"pyrodigal {pyrodigal.__version__} ({mode})"
    genes = []
    for contig, sequence in contigs.items():
        for number, found in enumerate(finder.find_genes(sequence.encode()), start=1):
            ends = [found.partial_begin, found.partial_end]
            missing = zip(("5'", "3'"), ends[:: found.strand], strict=True)
            gene = CalledGene(
                gene=f"{contig}_{number}",
                contig=contig,
                start=found.begin,
                end=found.end,
                strand="+" if found.strand == 1 else "-",
                source=source,
                translation_table=found.translation_table,
                partial=" ".join(end for end, lacks in missing if lacks),
            )
            residues = found.translate()
            # a run of N has no stop, so that genes are found in it
            unknown = 2 * residues.count("X") > len(residues)
            genes.append(
                gene.without("mostly unknown bases")
                if unknown
                else checked_protein(gene, residues, where)
            )
    return genes
