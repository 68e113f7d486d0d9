"""Tables that people hand in, as their editors and spreadsheets write them."""

import datetime
import gzip
import io
import time
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from gemwright.errors import InputError
from gemwright.inputs.media import read_medium
from gemwright.inputs.number_tables import read_numbers
from gemwright.inputs.organism_sheet import read_organisms
from gemwright.io.user_tables import (
    is_table_name,
    note_unused_columns,
    read_delimited,
    read_user_table,
)
from gemwright.validation.biolog import read_biolog
from gemwright.validation.essentiality import read_essentiality

PHENOTYPES = "bigg_id\tcompound\tgrowth\n4abut\tg-Amino\t-\nac\tAcetic Acid\t++\nakg\tA\t+\n"


def written(folder, content, name="t.tsv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(path, rows, **others):
    book = Workbook()
    book.active.title = "data"
    for row in rows:
        book.active.append(row)
    for title, more in others.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    book.save(path)
    return path


def trailing(text, mark="\t", header=False):
    """The text with a delimiter at the end of its lines."""
    head, *lines = text.splitlines()
    return "\n".join([head + mark * header, *(line + mark for line in lines)]) + "\n"


@pytest.mark.case("07-table-trailing-tab")
@pytest.mark.parametrize("header", [False, True])
@pytest.mark.parametrize("mark", ["\t", "\t\t", "\t \t"])
def test_a_delimiter_at_the_end_of_lines_changes_nothing(tmp_path, mark, header):
    plain = read_biolog({"C": written(tmp_path, PHENOTYPES)})
    path = written(tmp_path, trailing(PHENOTYPES, mark, header), "b.tsv")
    assert read_biolog({"C": path}).equals(plain)
    assert list(plain["observed"]) == [False, True, True]
    genes = written(tmp_path, trailing("bigg_id\tphenotype\nb1\tE\nb2\tNE\n", mark, header))
    assert read_essentiality(genes).values.tolist() == [["b1", True], ["b2", False]]
    numbers = written(tmp_path, trailing("reaction\tflux\nPFK\t1\nPGI\t2\n", mark, header))
    assert read_numbers(numbers, "reaction", ["flux"], "t") == {"flux": {"PFK": 1, "PGI": 2}}
    sheet = "id\tname\tproteome\tmetabolome\tuniverse\tmedia\n" + "\t".join(
        ["mini", "B", "dataset:proteome_bsub", str(genes), "grampos", "M9\n"]
    )
    organisms = read_organisms(written(tmp_path, trailing(sheet, mark, header), "o.tsv"))
    assert organisms["mini"].proteome == "dataset:proteome_bsub"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bom.tsv", b"\xef\xbb\xbf" + PHENOTYPES.encode()),
        ("dos.tsv", PHENOTYPES.replace("\n", "\r\n").encode()),
        ("mac.tsv", PHENOTYPES.replace("\n", "\r").encode()),
        ("utf16.tsv", PHENOTYPES.encode("utf-16")),
        ("utf16be.tsv", b"\xfe\xff" + PHENOTYPES.encode("utf-16-be")),
        ("nomark.tsv", PHENOTYPES.encode("utf-16-le")),
        ("packed.tsv.gz", gzip.compress(PHENOTYPES.encode())),
        ("packed.tsv", gzip.compress(PHENOTYPES.encode())),
        ("comma.csv", PHENOTYPES.replace("\t", ",").encode()),
        ("comma.tsv", PHENOTYPES.replace("\t", ",").encode()),
        ("packed.csv.gz", gzip.compress(PHENOTYPES.replace("\t", ",").encode())),
        ("tab.csv", PHENOTYPES.encode()),
        ("german.csv", PHENOTYPES.replace("\t", ";").encode()),
        ("hint.csv", b"sep=;\r\n" + PHENOTYPES.replace("\t", ";").replace("\n", "\r\n").encode()),
        ("bare", PHENOTYPES.encode()),
        ("noend.tsv", PHENOTYPES.rstrip("\n").encode()),
        ("commented.tsv", b"# from the plate reader\n\n" + PHENOTYPES.encode()),
        ("hashed.tsv", b"# plates\n#" + PHENOTYPES.encode()),
        ("empty_rows.tsv", PHENOTYPES.encode() + b"\t\t\n\n   \n,\n".replace(b",\n", b"")),
        ("quoted.tsv", PHENOTYPES.replace("g-Amino", '"g-Amino"').encode()),
        (
            "r_or_pandas.csv",
            pd.read_csv(io.StringIO(PHENOTYPES), sep="\t").to_csv().encode(),
        ),
    ],
)
def test_every_dialect_is_the_same_table(tmp_path, name, content):
    plain = read_delimited(written(tmp_path, PHENOTYPES), ("bigg_id", "growth"))
    table = read_delimited(written(tmp_path, content, name), ("bigg_id", "growth"))
    assert table.equals(plain)
    assert table["bigg_id"].tolist() == ["4abut", "ac", "akg"]


def test_the_old_code_page_is_told(tmp_path, caplog):
    path = written(tmp_path, "bigg_id\tname\nx\tplain\ny\tβ-\xe4thyl\n".encode("latin-1", "ignore"))
    assert read_delimited(path)["name"].tolist() == ["plain", "-äthyl"]
    assert "line 3: the table is no UTF-8" in caplog.text


NAMES = ["NA", "nan", "NaN", "None", "null", "NULL", "TRUE", "N/A", "-", "1e5", "007", "inf", "#N"]


def test_no_name_is_taken_for_a_missing_one(tmp_path):
    text = "bigg_id\tphenotype\n" + "".join(f'"{name}"\tE\n' for name in NAMES)
    assert read_essentiality(written(tmp_path, text))["gene"].tolist() == sorted(NAMES)
    workbook(tmp_path / "t.xlsx", [["bigg_id", "phenotype"], *([name, "E"] for name in NAMES)])
    assert read_essentiality(tmp_path / "t.xlsx")["gene"].tolist() == sorted(NAMES)


def test_lines_are_those_of_the_file(tmp_path):
    text = '# a\n\nbigg_id\tsource\n\n# b\nx\tp\n\n\n"y\nz"\tp\n\nv\tp\n'
    table = read_user_table(written(tmp_path, text), ("bigg_id", "source"))
    assert table.frame["bigg_id"].tolist() == ["x", "y\nz", "v"]
    assert table.numbers == [6, 9, 12]
    assert table.where(2) == f"{tmp_path}/t.tsv, line 12"
    rows = [["bigg_id"], [None], ["x"], [], ["y"]]
    table = read_user_table(workbook(tmp_path / "t.xlsx", rows), ("bigg_id",))
    assert list(table.places) == ["row 3", "row 5"]
    assert table.numbers == [3, 5]


cells = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u200b\ufeff"),
    min_size=1, max_size=8,
).map(str.strip).filter(lambda cell: cell and not cell.startswith("#"))  # fmt: skip


@given(
    rows=st.lists(st.tuples(cells, cells, st.sampled_from(["", "x"])), min_size=1, max_size=8),
    delimiter=st.sampled_from(["\t", ",", ";"]),
    end=st.sampled_from(["\n", "\r\n"]),
    coding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    blank=st.integers(0, 3),
    trail=st.booleans(),
)
def test_what_a_program_writes_is_read_back(
    tmp_path_factory, rows, delimiter, end, coding, blank, trail
):
    frame = pd.DataFrame(rows, columns=["one", "two", "three"])
    if trail:
        frame[""] = ""
    text = frame.to_csv(sep=delimiter, index=False, lineterminator=end)
    text = text.replace(end, end * (blank + 1), 1)
    path = tmp_path_factory.mktemp("t") / "t.tsv"
    path.write_bytes(text.encode(coding))
    table = read_user_table(path, ("one", "two", "three"))
    assert [tuple(row) for row in table.frame.to_numpy()] == rows
    assert table.numbers == [2 + blank + i for i in range(len(rows))]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a\tb\n1\t2\n1\t2\t3\n", r"line 3: has 3 cells, and the header has 2 columns"),
        ("a\tb\n\n1\n", r"line 3: has 1 cells and none for 'b'"),
        ("a\tb\ta\n1\t2\t3\n", "two columns 'a'"),
        ("a\tb\t\n1\t2\t\n\n1\t2\t3\n", "line 4: has 3 cells, and the header has 2"),
        ("a\t\tb\n1\t2\t3\n", "line 2: '2' stands in column 2, which has no name"),
        ('a\tb\n"1\t2\n3\t4\n', "line 2: a cell is not closed where it ends"),
        ('a\tb\n1\t2\n"5"-x\t4\n', "line 3: a cell is not closed where it ends"),
        ("a\tb\n1\t2\x07\n", r"line 2: b is '2\\x07', which holds a control character"),
        (b"a\tb\n1\t2\x00\n", "line 2: is no text: it holds a NUL"),
        ("", r"it is empty"),
        ("\n\n", r"it is empty"),
        ("<html><table>", "is HTML or XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "an old or protected Excel file.*xlsx"),
        (b"BZh91AY", "packed by bzip2"),
        (gzip.compress(b"a\tb\n1\t2\n")[:-6], "is damaged"),
        (b"PK\x03\x04nothing", "is damaged"),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(tmp_path, content, message):
    with pytest.raises(InputError, match=message) as told:
        read_delimited(written(tmp_path, content), ("a", "b"))
    assert str(told.value).startswith(str(tmp_path / "t.tsv"))


def test_other_spreadsheets_are_refused_by_name(tmp_path):
    for name in ("t.xls", "t.ods", "t.XLSB", "t.numbers"):
        with pytest.raises(InputError, match=r"save it in Excel as tab-separated text"):
            read_delimited(written(tmp_path, "a\tb\n1\t2\n", name), ("a",))
        assert is_table_name(name)
    with zipfile.ZipFile(tmp_path / "x.tsv", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(InputError, match="is an OpenDocument file, which is not read"):
        read_delimited(tmp_path / "x.tsv")
    with pytest.raises(InputError, match="is a folder"):
        read_delimited(tmp_path)
    assert is_table_name("Medium.TSV.gz")
    assert not is_table_name("M9")


def test_excel_is_read_as_it_was_typed(tmp_path):
    rows = [
        ["bigg_id", "compound", "growth", None],
        ["ac", "Acetic Acid", "++"],
        [2.0, 12345678, "-"],
        [0.5, True, "+"],
    ]
    path = workbook(tmp_path / "plates.xlsx", rows, notes=[["read me"]])
    table = read_delimited(path, ("bigg_id", "compound", "growth"))
    assert table.values.tolist() == [
        ["ac", "Acetic Acid", "++"], ["2", "12345678", "-"], ["0.5", "TRUE", "+"],
    ]  # fmt: skip
    assert read_biolog({"C": path})["observed"].tolist() == [True, False, True]
    # under another name, the content tells
    (tmp_path / "plates.tsv").write_bytes(path.read_bytes())
    assert read_delimited(tmp_path / "plates.tsv", ("bigg_id",)).equals(table)
    workbook(path, rows, again=rows)
    with pytest.raises(InputError, match="2 sheets have the columns: data, again"):
        read_delimited(path, ("bigg_id",))


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (datetime.datetime(2026, 3, 1), r"row 3: bigg_id is the date 2026-03-01, which Excel"),
        ("=1+", r"row 3: bigg_id is a formula whose value the file does not hold"),
        ("#NAME?", "row 3: bigg_id is Excel's error #NAME"),
    ],
)
def test_what_excel_made_of_names_is_told(tmp_path, cell, message):
    rows = [["bigg_id", "phenotype"], ["a", "E"], [cell, "E"]]
    with pytest.raises(InputError, match=message):
        read_essentiality(workbook(tmp_path / "t.xlsx", rows))


def test_of_cells_that_are_merged_all_have_the_value(tmp_path):
    book = Workbook()
    for row in (
        ["medium", "compound", "name", None],
        ["M9", "glc__D", "D-Glucose"],
        [None, "nh4", "Ammonium"],
        [None, "o2", None],
        ["LB", "leu__L", "L-Leucine"],
        [None, "ile__L"],
    ):
        book.active.append(row)
    for cells in ("A2:A4", "A5:A9", "B8:C8", "C5:C6"):
        book.active.merge_cells(cells)
    book.save(tmp_path / "media.xlsx")
    table = read_delimited(tmp_path / "media.xlsx", ("compound",))
    assert list(table["medium"]) == ["M9", "M9", "M9", "LB", "LB"]
    assert list(table["name"]) == ["D-Glucose", "Ammonium", "", "L-Leucine", "L-Leucine"]
    assert read_medium(f"{tmp_path}/media.xlsx[M9]") == ["glc__D", "nh4", "o2"]


def test_whole_numbers_that_excel_keeps_as_fractions_are_whole(tmp_path):
    path = workbook(tmp_path / "t.xlsx", [["bigg_id"], [945806], [0.25]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b"<v>945806</v>", b"<v>945806.0</v>"))
    assert list(read_delimited(path, ("bigg_id",))["bigg_id"]) == ["945806", "0.25"]


@pytest.mark.parametrize("error", ["#N/A", "#NAME?", "#REF!", "#DIV/0!"])
@pytest.mark.parametrize("mark", ["", '"'])
def test_errors_of_excel_in_text_are_no_comments(tmp_path, error, mark):
    path = written(tmp_path, f"bigg_id,phenotype\nb1,E\n{mark}{error}{mark},E\n#b2,E\n", "t.csv")
    with pytest.raises(InputError, match="line 3: bigg_id is Excel's error #"):
        read_essentiality(path)
    path = written(tmp_path, f"bigg_id,phenotype,note\nb1,E,{error}\n#b2,E,\n", "t.csv")
    assert list(read_essentiality(path)["gene"]) == ["b1"]


@pytest.mark.parametrize("name", ["t.xlsx", "t.tsv"])
def test_a_header_below_a_title_is_told(tmp_path, name):
    rows = [["Table S1. Essential genes"], ["bigg_id", "phenotype"], ["b1", "E"]]
    path = tmp_path / name
    if name.endswith("xlsx"):
        workbook(path, rows)
    else:
        written(tmp_path, "\n".join("\t".join(row) for row in rows), name)
    with pytest.raises(
        InputError, match=r"(row|line) 2: is the header of the essentiality table, a"
    ):
        read_essentiality(path)


def test_a_workbook_that_swells_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (70 << 20))
    with pytest.raises(InputError, match="unpacks to 73400320 bytes"):
        read_delimited(tmp_path / "t.xlsx")


def test_columns_that_nothing_reads_are_told(tmp_path, caplog):
    caplog.set_level("INFO")
    used = ("reaction", "K_eq")
    table = read_user_table(written(tmp_path, "reaction\tcolour\nPFK\tred\n"), ("reaction",))
    note_unused_columns(table, used, "table")
    assert "columns that are not used: colour" in caplog.text
    for name, message in (("Keq", "did you mean 'K_eq'"), ("unit", "which is not read")):
        table = read_user_table(written(tmp_path, f"reaction\t{name}\nPFK\tx\n"), ("reaction",))
        with pytest.raises(InputError, match=message):
            note_unused_columns(table, used, "table")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,5", "flux is '1,5'; write 1.5, with a point"),
        ("1,000", "flux is '1,000'; write 1000 or 1.000, with a point, as it is meant"),
        ("-1,234,567.5", "flux is '-1,234,567.5'; write -1234567.5"),
        ("0,125", "flux is '0,125'; write 0.125, with a point"),
        ("1_000", "flux is '1_000'; give a number"),
        ("١", "give a number"),
        ("1e999", "give a number"),
        ("NA", "give a number or leave the cell empty"),
    ],
)
def test_numbers_are_read_strictly(tmp_path, text, message):
    path = written(tmp_path, f"reaction\tflux\nPFK\t1\n\nPGI\t{text}\n")
    with pytest.raises(InputError, match=f"line 4, reaction PGI: .*{message}"):
        read_numbers(path, "reaction", ["flux"], "flux table")


@pytest.mark.parametrize(
    ("name", "required", "message"),
    [
        ("{}", ("bigg_id",), r"it has: 0, 1, 2.* \.\.\.\)"),
        ("a", (), "two columns 'a'"),
        ("{}", (), ""),
    ],
)
def test_tables_of_thousands_of_columns_take_no_time(tmp_path, name, required, message):
    header = "\t".join(name.format(number) for number in range(100_000))
    path = written(tmp_path, f"{header}\n" + "\t".join("x" * 100_000) + "\n")
    started = time.process_time()
    if message:
        with pytest.raises(InputError, match=message) as caught:
            read_user_table(path, required)
        assert len(str(caught.value)) < 3000
    else:
        frame = read_user_table(path).frame
        assert frame.shape == (1, 100_000)
        assert frame.loc[0, "99999"] == "x"
    assert time.process_time() - started < 3


@given(st.lists(st.sampled_from(["", "x", "NA", "1.0"])))
def test_cells_stay_text(tmp_path_factory, cells):
    lines = ["a\tb", *(f"r\t{cell}" for cell in cells)]
    frame = read_user_table(written(tmp_path_factory.mktemp("t"), "\n".join(lines))).frame
    assert frame["b"].tolist() == cells
    assert {*map(type, frame["b"])} <= {str}
    assert {*map(str, frame.dtypes)} == {"object"}
