"""Tables of users: every kind through the one reader, and what is read is written and read back."""

import gzip
import io
from functools import cache
from pathlib import Path

from harness import Target
from openpyxl import Workbook

from gemwright.inputs.checks import check_genes, check_metabolome
from gemwright.inputs.media import read_medium
from gemwright.inputs.metabolite_ids import MetaboliteNames
from gemwright.inputs.number_tables import read_numbers
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.user_tables import UserTable, read_delimited, read_user_table
from gemwright.validation.biolog import read_biolog
from gemwright.validation.essentiality import read_essentiality

TABLE = (
    b'# made by hand\n\nbigg_id\tsource\tname\nglc__D\tme\t"D-Glucose ""x"""\nac_e\tme\tAcetate\t\n'
)
SHEET = (
    b"id\tname\tproteome\tmetabolome\tuniverse\tmedia\tbiolog\n"
    b"mini\tB\tdataset:proteome_bsub\tdataset:biolog_ecol_carbon\tgrampos\tM9;LB\t\n"
)
PHENOTYPES = b"bigg_id\tcompound\tgrowth\nglc__D\tGlucose\t++\nac\tAcetate\t-\n\tnone\t\n"
GENES = b"bigg_id\tphenotype\nb0001\tE\nb0002\tNE\n"
MEDIA = b"medium,description,compound,maxFlux\nM,x,glc__D,10\nM,x,nh4,\nM,x,cpd00007,1e2\n"
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


def read_genes(path: Path) -> None:
    def match(table: UserTable) -> list[str]:
        return check_genes(table, "bigg_id", {"b0001", "b0002"}, 0.5)

    read_essentiality(path, match)


TARGETS = [
    Target(
        "user-table",
        ".tsv",
        lambda: [TABLE, TABLE.decode().encode("utf-16"), gzip.compress(TABLE), excel()],
        read_any,
    ),
    Target("metabolome", ".tsv", lambda: [TABLE], lambda path: check_metabolome(path, names())),
    Target("organism-sheet", ".tsv", lambda: [SHEET], read_organisms),
    Target("phenotypes", ".tsv", lambda: [PHENOTYPES], lambda path: read_biolog({"C": path})),
    Target("essentiality", ".tsv", lambda: [GENES], read_genes),
    Target("media", ".csv", lambda: [MEDIA], lambda path: read_medium(str(path))),
    Target(
        "numbers",
        ".tsv",
        lambda: [NUMBERS],
        lambda path: read_numbers(path, "reaction", ["flux"], "flux table"),
    ),
]
