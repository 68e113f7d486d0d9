"""Data of DeepGDel and the archives that it comes in."""

import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mirror import MIRROR, needs_mirror

from gemwright.errors import InputError
from gemwright.sources import archives
from gemwright.sources.archives import read_zip_tables
from gemwright.sources.deepgdel import DeepGDelPaths, read_deepgdel
from gemwright.sources.metnetcomp import parse_file_name, read_core_strategies

MODELS = ("e_coli_core", "iMM904", "iML1515")


def put(folder, members, name="data.zip"):
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in members.items():
            archive.writestr(member, text)
    return path


def counts(findings):
    pairs = zip(findings["item"], findings["count"], strict=True)
    return {item: count for item, count in pairs if count}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("archives")


# --- archives ---------------------------------------------------------------------------------


def test_real_members_are_read_and_the_others_counted(tmp_path):
    path = put(
        tmp_path,
        {
            "Label/": "",
            "Label/a_c.csv": b"\xef\xbb\xbfGene,Deleted\r\n g1 ,1\r\n\r\ng2,0",
            "__MACOSX/Label/._a_c.csv": b"\x00\x05\x16\x07",
            "Label/.DS_Store": "x",
            "._b_c.csv": b"\x00",
            "readme.txt": "hello",
            "b_c.CSV": "Gene,Deleted\n",
            "copy/b_c.csv": "Gene,Deleted\n",
        },
    )
    tables, findings = read_zip_tables(path)
    first, second = tables
    assert (first.name, first.member) == ("a_c", "Label/a_c.csv")
    assert first.header == ("Gene", "Deleted")
    assert first.rows == [(2, ["g1", "1"]), (4, ["g2", "0"])]
    assert (second.name, second.rows) == ("b_c", [])
    assert counts(findings) == {
        "entry of macOS (__MACOSX)": 2,
        "file of an operating system": 1,
        "member that is no table": 1,
        "table in a folder": 1,
        "table twice with the same content": 1,
        "byte order mark in a table": 1,
        "table with CRLF line ends": 1,
        "blank line in a table": 1,
    }


@pytest.mark.parametrize("name", ["../a.csv", "/a.csv", "x/../../a.csv", "..\\a.csv", "C:/a.csv"])
def test_names_that_lead_out_are_refused(tmp_path, name):
    with pytest.raises(InputError, match="leads out of the archive"):
        read_zip_tables(put(tmp_path, {"b.csv": "x\n", name: "x\n"}))


def test_links_are_refused(tmp_path):
    info = zipfile.ZipInfo("a.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(InputError, match="leads out of the archive"):
        read_zip_tables(tmp_path / "data.zip")


def test_archives_that_unpack_to_too_much_are_refused(tmp_path, monkeypatch):
    path = put(tmp_path, {"a.csv": "x\n" * 100})
    monkeypatch.setattr(archives, "ARCHIVE_BYTES", 100)
    with pytest.raises(InputError, match="unpacks to more than 100 bytes"):
        read_zip_tables(path)


def test_every_truncation_of_an_archive_is_told(tmp_path):
    whole = put(tmp_path, {"a.csv": "Gene,Deleted\ng1,1\n", "b.csv": "Gene,Deleted\ng2,1\n"})
    content = whole.read_bytes()
    for size in range(len(content)):
        whole.write_bytes(content[:size])
        with pytest.raises(InputError, match="no whole zip archive"):
            read_zip_tables(whole)


def test_damaged_members_are_told(tmp_path):
    path = tmp_path / "data.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "Gene,Deleted\ng1,1\n")
    path.write_bytes(path.read_bytes().replace(b"g1,1", b"g1,0", 1))
    with pytest.raises(InputError, match="Bad CRC"):
        read_zip_tables(path)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({}, "no .csv file"),
        ({"__MACOSX/._a.csv": "x"}, "no .csv file"),
        ({"a.csv": "\n"}, "'a.csv': the table is empty"),
        ({"a.csv": b"\xff\xff"}, "'a.csv': is no UTF-8"),
        ({"x/a.csv": "1\n", "y/a.csv": "2\n"}, "'y/a.csv': differs from 'x/a.csv'"),
    ],
)
def test_other_archives_are_told(tmp_path, members, message):
    with pytest.raises(InputError, match=message):
        read_zip_tables(put(tmp_path, members))


def test_missing_and_foreign_files_are_told(tmp_path):
    for name, content in (("none.zip", None), ("page.zip", "<html>404</html>")):
        if content:
            (tmp_path / name).write_text(content)
        with pytest.raises(InputError, match=name):
            read_zip_tables(tmp_path / name)


# --- DeepGDel ---------------------------------------------------------------------------------


@pytest.fixture
def tiny(tmp_path):
    """Write three files; tests replace one of them."""

    def write(labels=None, sequences=None, targets=None):
        (tmp_path / "targets.csv").write_bytes(
            (targets or "\ufeffMetabolite,Smiles\r\nsucc_e,OC(=O)CCC(=O)O\r\nx_c,c\r\n").encode()
        )
        return {
            "m": DeepGDelPaths(
                put(
                    tmp_path,
                    labels
                    or {
                        "succ_e.csv": "Gene,Deleted\ng1,1\ng2,0\n",
                        "x_c.csv": "Gene,Deleted\ng2,1\ng1,0\n",
                        "__MACOSX/._x_c.csv": "x",
                    },
                    "Label.zip",
                ),
                put(
                    tmp_path,
                    sequences
                    or {
                        "g1.csv": "Gene,AA Sequence\r\ng1,MKLV\r\n",
                        "g2.csv": "Gene,AA Sequence\r\ng2,MINP\r\n",
                    },
                    "Gene_AA.zip",
                ),
                tmp_path / "targets.csv",
            )
        }

    return write


def test_one_in_the_column_deleted_means_that_the_gene_remains(tiny):
    tables = read_deepgdel(tiny())
    assert tables.labels.values.tolist() == [
        ["m", "succ_e", "g1", 1], ["m", "succ_e", "g2", 0],
        ["m", "x_c", "g2", 1], ["m", "x_c", "g1", 0],
    ]  # fmt: skip
    assert tables.labels["remains"].dtype == "int8"
    assert tables.sequences[["gene", "sequence", "placeholder"]].values.tolist() == [
        ["g1", "MKLV", False], ["g2", "MINP", True],
    ]  # fmt: skip
    assert tables.targets.values.tolist() == [
        ["m", "succ_e", "OC(=O)CCC(=O)O", True], ["m", "x_c", "c", False],
    ]  # fmt: skip
    assert counts(tables.findings) == {
        "entry of macOS (__MACOSX)": 1,
        "byte order mark in a table": 1,
        "table with CRLF line ends": 2,
        "label that lists its genes in another order": 1,
        "placeholder MINP for a sequence": 1,
        "SMILES that RDKit refuses": 1,
    }
    assert set(tables.tables()) == {"labels", "sequences", "targets", "findings"}


def test_findings_are_counted(tiny):
    tables = read_deepgdel(
        tiny(
            {"a_c.csv": "Gene,Deleted\ng1,1\ng1,1\n", "b_c.csv": "Gene,Deleted\ng1,0\ng9,1\n"},
            {
                "g1.csv": "Gene,AA Sequence\ng1,mklv*\n",
                "g2.csv": "Gene,AA Sequence\ng2,MK*LV\n",
                "g3.csv": "Gene,AA Sequence\ng3,MK1LV\n",
                "g4.csv": "Gene,AA Sequence\ng4,\n",
                "g5.csv": "Gene,AA Sequence\ng6,MKLV\n",
            },
            "Metabolite,Smiles\na_c,CCO\na_c,CCO\nc_c,CCO\n\nd_c,\n",
        )
    )
    assert tables.sequences["gene"].tolist() == ["g1", "g6"]
    assert counts(tables.findings) == {
        "blank line in a table": 1,
        "gene twice in a label": 1,
        "label with other genes than the first one": 1,
        "gene that differs from the name of its file": 1,
        "sequence in lower case": 1,
        "sequence with an internal stop": 1,
        "empty sequence, or one with an illegal residue": 2,
        "gene with the sequence of an earlier one": 1,
        "target twice in the table": 1,
        "SMILES that RDKit refuses": 1,
        "target with the SMILES of an earlier one": 1,
        "target without a label": 2,
        "label without a target in the table": 1,
        "gene of a label without a sequence": 1,
        "sequence of a gene without a label": 1,
    }


@pytest.mark.parametrize(
    ("part", "content", "message"),
    [
        ("labels", {"a.csv": "Gene,Kept\ng1,1\n"}, "'a.csv': the header is 'Gene,Kept'"),
        ("labels", {"a.csv": "Gene,Deleted\ng1,2\n"}, "'a.csv', line 2: the label is '2'"),
        ("labels", {"a.csv": "Gene,Deleted\ng1,1\ng1,0\n"}, "line 3: 'g1' has two labels"),
        ("labels", {"a.csv": "Gene,Deleted\ng1\n"}, "line 2: holds 1 cells"),
        ("sequences", {"g.csv": "Gene,Deleted\ng1,1\n"}, "header is"),
        (
            "sequences",
            {"g.csv": "Gene,AA Sequence\ng1,MK\ng1,ML\n"},
            "line 3: 'g1' has two sequences",
        ),
        ("sequences", {"g.csv": "Gene,AA Sequence\ng1,M1\n"}, "holds no sequence"),
        ("targets", "<html>404</html>", "the header is '<html>"),
        ("targets", "\n", "the header is ''"),
        ("targets", "Metabolite,Smiles\na_c,C\na_c,CC\n", "line 3: 'a_c' has two structures"),
        ("targets", "Metabolite,Smiles\na_c,C,C\n", "line 2: holds 3 cells"),
    ],
)
def test_other_files_are_told(tiny, part, content, message):
    with pytest.raises(InputError, match=message):
        read_deepgdel(tiny(**{part: content}))
    with pytest.raises(InputError, match="no model"):
        read_deepgdel({})


@given(
    st.dictionaries(
        st.text("abc_", min_size=1, max_size=4),
        st.dictionaries(st.text("gh12", min_size=1, max_size=3), st.sampled_from("01"), min_size=1),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_tables_in_an_archive_come_back(folder, labels, end, marked):
    path = folder / "data.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for target, label in labels.items():
            lines = ["Gene,Deleted", *(f"{gene},{value}" for gene, value in label.items())]
            archive.writestr(f"{target}.csv", "\ufeff" * marked + end.join(lines) + end)
            archive.writestr(f"__MACOSX/._{target}.csv", b"\x00\x05\x16\x07")
    tables, findings = read_zip_tables(path)
    assert {t.name: dict(cells for _, cells in t.rows) for t in tables} == labels
    assert counts(findings)["entry of macOS (__MACOSX)"] == len(labels)
    assert counts(findings).get("byte order mark in a table", 0) == marked * len(labels)


# --- the real files ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real():
    data = next((MIRROR / "raw.githubusercontent.com" / "MetNetComp" / "DeepGDel").iterdir())
    return read_deepgdel(
        {
            model: DeepGDelPaths(
                data / "Data" / model / "Label" / "Label.zip",
                data / "Data" / model / "Gene_AA" / "Gene_AA.zip",
                data / "Data" / model / "Target metabolites_smile.csv",
            )
            for model in MODELS
        }
    )


@needs_mirror
def test_the_size_of_the_real_data(real):
    per_model = real.labels.groupby("model")
    assert per_model["target"].nunique()[list(MODELS)].tolist() == [41, 105, 443]
    assert per_model["gene"].nunique()[list(MODELS)].tolist() == [137, 905, 1516]
    assert real.sequences.groupby("model").size()[list(MODELS)].tolist() == [137, 905, 1516]
    dummies = real.sequences.groupby("model")["placeholder"].sum()
    assert dummies[list(MODELS)].tolist() == [1, 16, 3]
    structures = real.targets.groupby("model")["smiles"].nunique()
    assert structures[list(MODELS)].tolist() == [35, 78, 365]
    refused = real.targets.groupby("model")["readable"].agg(lambda column: (~column).sum())
    assert refused[list(MODELS)].tolist() == [0, 4, 18]
    assert set(real.targets.loc[~real.targets["readable"], "smiles"]) == {"c"}
    found = counts(real.findings)
    assert found["entry of macOS (__MACOSX)"] == 3_147
    assert found["byte order mark in a table"] == 1
    assert not {item for item in found if "without" in item}


@needs_mirror
def test_labels_agree_with_metnetcomp(real):
    folder = MIRROR / "metnetcomp.github.io" / "database1" / "csv"
    paths = {}
    for path in folder.iterdir():
        name = parse_file_name(path.name)
        if name.core:
            paths[name.model, name.target] = path
    kept = real.labels[real.labels["remains"] == 1]
    columns = ["model", "target", "gene"]
    # independent files for e_coli_core alone: the others were made from the labels
    assert set(kept[columns].itertuples(index=False, name=None)) == set(
        read_core_strategies(paths).remaining[columns].itertuples(index=False, name=None)
    )
    assert len(real.labels[["model", "target"]].drop_duplicates()) == len(paths) == 589
