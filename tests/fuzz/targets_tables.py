"""Tables of users: every kind through the one reader, and what is read is written and read back."""

import csv
import gzip
import io
import re
from functools import cache
from pathlib import Path

import pandas as pd
from harness import Target
from openpyxl import Workbook

from gemwright.errors import InputError
from gemwright.inputs.biomass import read_biomass
from gemwright.inputs.checks import check_genes, check_metabolome
from gemwright.inputs.media import media_table, read_medium
from gemwright.inputs.metabolite_ids import MetaboliteNames
from gemwright.inputs.number_tables import read_numbers
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.user_tables import UserTable, read_delimited, read_user_table
from gemwright.sources.bigg_snapshot import read_universe
from gemwright.universe.quinones import POOL
from gemwright.validation.biolog import read_biolog
from gemwright.validation.essentiality import read_essentiality

TABLE = (
    b'# made by hand\n\nbigg_id\tsource\tname\nglc__D\tme\t"D-Glucose ""x"""\nac_e\tme\tAcetate\t\n'
)
SHEET = (
    b"id\tname\tproteome\tmetabolome\tuniverse\tmedia\tbiolog\n"
    b"mini\tB\tdataset:proteome_bsub\tdataset:biolog_ecol_carbon\tgrampos\tM9;LB\t\n"
)
WHOLE_SHEET = (
    b"id\tgenome\ttranslation_table\tbiomass\tgam\tngam\tbiolog\tbiolog_medium\tessentiality\n"
    b"a\tdataset:proteome_bsub\t11\twall_less\t75.4\t0\tC=dataset:biolog_ecol_carbon\tM9\t\n"
    b"b\tdataset:proteome_bsub\t\t\t\t8.39\t\t\tdataset:essentiality_ecol\n"
)
PHENOTYPES = b"bigg_id\tcompound\tgrowth\nglc__D\tGlucose\t++\nac\tAcetate\t-\n\tnone\t\n"
GENES = b"bigg_id\tphenotype\nb0001\tE\nb0002\tNE\n"
MEDIA = b"medium,description,compound,maxFlux\nM,x,glc__D,10\nM,x,nh4,\nM,x,cpd00007,1e2\n"
LIBRARY = b"medium,description,compound,name\nM9,x,glc__D,\nLB,y,ac,\nM9,x,nh4,Ammonium\n"
GAPSEQ = b"compounds,name,maxFlux\ncpd00027,D-Glucose,10\ncpd00013,NH3,100\n"
BIOMASS = b"species\tcoefficient\tname\nala__L_c\t-0.51\tx\nquinone_c\t-1e-4\t\nadp_c\t53.95\tADP\n"
METABOLITES = b"metabolite,coefficient\nM_ala__L_c,-.5\natp,-54.1\nh2o[c],-48\nadp_c,53.95\n"
NUMBERS = b"reaction\tflux\nPFK\t7.5\nPGI\t-1e-3\nTPI\t\n"


@cache
def excel() -> bytes:
    book, content = Workbook(), io.BytesIO()
    for row in (["bigg_id", "source"], ["glc__D", "me"], [12.0, True]):
        book.active.append(row)
    book.save(content)
    return content.getvalue()


@cache
def names() -> MetaboliteNames:
    return MetaboliteNames.of_ids(["glc__D", "ac", "nh4", "o2"])


def read_any(path: Path) -> None:
    table = read_user_table(path, ("bigg_id", "source"))
    assert len(table.places) == len(table.frame) == len(table.numbers)
    again = path.with_name("again.csv")
    # a line that begins with '#' is a comment, so the cells go in marked
    marked = "x" + table.frame
    marked.to_csv(again, index=False, lineterminator="\n")
    assert read_delimited(again, ("bigg_id", "source")).equals(marked)


def written(frame: pd.DataFrame, path: Path) -> Path:
    """Write a table as a careful person would, beside the case."""
    again = path.with_name("again.tsv")
    frame.to_csv(again, sep="\t", index=False, quoting=csv.QUOTE_ALL)
    return again


def read_observed(path: Path) -> None:
    found = check_metabolome(path, names())
    assert set(found["metabolite"]) <= names().known
    again = written(found.rename(columns={"metabolite": "bigg_id"}), path)
    assert check_metabolome(again, names()).equals(found)


def read_sheet(path: Path) -> None:
    found = read_organisms(path)
    rows = [
        {
            **{key: str(value) for key, value in vars(one).items() if value is not None},
            "media": ";".join(one.media),
            "biolog": ";".join(f"{element}={table}" for element, table in one.biolog.items()),
        }
        for one in found.values()
    ]
    assert read_organisms(written(pd.DataFrame(rows), path)) == found


def read_phenotypes(path: Path) -> None:
    found = read_biolog({"C": path})
    frame = found.rename(columns={"metabolite": "bigg_id"})[["bigg_id", "compound"]]
    frame["growth"] = found["observed"].map({True: "+", False: "-"})
    assert read_biolog({"C": written(frame, path)}).equals(found)


def read_genes(path: Path) -> None:
    def match(table: UserTable) -> list[str]:
        return check_genes(table, "bigg_id", {"b0001", "b0002"}, 0.5)

    found = read_essentiality(path, match)
    frame = found.rename(columns={"gene": "bigg_id"})[["bigg_id"]]
    frame["phenotype"] = found["observed"].map({True: "E", False: "NE"})
    assert read_essentiality(written(frame, path)).equals(found)


def read_media(path: Path) -> None:
    """The only medium, or each that the file says it holds."""
    choices = [str(path)]
    try:
        read_medium(str(path))
    except InputError as error:
        choices = re.findall(rf"{re.escape(str(path))}\[[^]]+\]", error.cure)
        if not choices:
            raise
    for number, choice in enumerate(choices):
        found = read_medium(choice)
        again = written(media_table({"M": found}), path)
        assert str(read_medium(f"{again}[M]")) == str(found), number


@cache
def species() -> frozenset[str]:
    return frozenset(read_universe("archaea").species["species"])


def read_growth(path: Path) -> None:
    """As the sheet is checked, and as the organism is prepared."""
    read_biomass(str(path))
    for least in (0.0, 1.0):
        found = read_biomass(str(path), species(), least)
        assert found.keys() <= species() | {POOL}
        assert min(found.values()) < 0
        frame = pd.Series(found, name="coefficient").rename_axis("species").reset_index()
        assert read_biomass(str(written(frame, path)), species()) == found


def read_fluxes(path: Path) -> None:
    found = read_numbers(path, "reaction", ["flux"], "flux table")
    again = written(pd.DataFrame(found).rename_axis("reaction").reset_index(), path)
    assert read_numbers(again, "reaction", ["flux"], "flux table") == found


TARGETS = [
    Target(
        "user-table",
        ".tsv",
        lambda: [TABLE, TABLE.decode().encode("utf-16"), gzip.compress(TABLE), excel()],
        read_any,
    ),
    Target("metabolome", ".tsv", lambda: [TABLE], read_observed),
    Target("organism-sheet", ".tsv", lambda: [SHEET, WHOLE_SHEET], read_sheet),
    Target("phenotypes", ".tsv", lambda: [PHENOTYPES], read_phenotypes),
    Target("essentiality", ".tsv", lambda: [GENES], read_genes),
    Target("media", ".csv", lambda: [MEDIA, LIBRARY, GAPSEQ], read_media),
    Target("biomass of users", ".tsv", lambda: [BIOMASS, METABOLITES], read_growth),
    Target("numbers", ".tsv", lambda: [NUMBERS], read_fluxes),
]
