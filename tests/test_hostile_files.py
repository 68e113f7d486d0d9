"""Files that would make a reader hang, swell or crash: read, or refused in one message."""

import gzip
import io
import json
import re
import time
import zipfile
from xml.parsers import expat

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemwright.download import checks
from gemwright.download.checks import count_records, refuse_html
from gemwright.errors import InputError
from gemwright.gem.load import read_model
from gemwright.io import limits
from gemwright.io.compressed import content_of, unpacked
from gemwright.io.xml_depth import require_plain_xml
from gemwright.io.yaml_documents import read_yaml
from gemwright.kinetics import sets_process, skimpy_sets
from gemwright.kinetics.skimpy_sets import read_parameter_sets, write_parameter_sets
from gemwright.kinetics.skimpy_yaml import read_document, read_skimpy_yaml
from gemwright.sources import archives
from gemwright.sources.archives import read_zip_tables
from gemwright.sources.bigg_json import read_json
from gemwright.sources.chebi import read_chebi
from gemwright.sources.metanetx import read_metanetx
from gemwright.sources.metnetcomp import read_strategies


@pytest.fixture
def quick():
    """No more than five CPU seconds."""
    started = time.process_time()
    yield
    assert time.process_time() - started < 5


def put(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


COMMENT = b"<!-- made by a program -->\n"


@pytest.mark.case("r01-html-redos")
def test_comments_before_sbml_are_passed_in_linear_time(quick):
    for number in (24, 2_000, 500_000):
        refuse_html(b'<?xml version="1.0"?>\n' + COMMENT * number + b"<sbml/>", "here")
        with pytest.raises(InputError, match="gave a web page"):
            refuse_html(b"\xef\xbb\xbf \n" + COMMENT * number + b"<!DOCTYPE  html>", "here")
    refuse_html(b"<!--" * 200_000, "here")
    refuse_html(b"<!-- <html> -->" * 3 + b"<!--", "here")


@given(
    st.lists(st.sampled_from(["<!-- a -->", "<!---->", " ", "\n", "<!--<html>-->"]), max_size=9),
    st.sampled_from(["<html>", "<HEAD >", "<!doctype html", "<sbml>", "<htmlx>", "html", ""]),
    st.booleans(),
)
def test_a_page_is_told_by_its_first_element(before, first, declared):
    start = ('<?xml version="1.0"?>' * declared + "".join(before) + first).encode()
    try:
        refuse_html(start, "here")
        refused = False
    except InputError:
        refused = True
    assert refused == (first.lower().startswith(("<html>", "<head ", "<!doctype html")))


@pytest.mark.case("r15-json-deep")
@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"a": ' + "9" * 5_000 + "}"])
def test_json_that_python_cannot_hold_is_refused(tmp_path, quick, text):
    path = put(tmp_path / "model.json", text)
    with pytest.raises(InputError, match="is no JSON"):
        read_json(path)
    with pytest.raises(InputError, match="is no JSON"):
        count_records(path, "json", "here")


def test_downloads_of_endless_lines_and_depth_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "LINE_BYTES", 1_000)
    path = put(tmp_path / "lines.gz", gzip.compress(b"a" * 5_000))
    for form in ("tsv", "fasta"):
        content = b">" + b"a" * 5_000
        with pytest.raises(InputError, match="line 1 has more than 1,000 bytes"):
            count_records(put(path, gzip.compress(content)), form, "here")
    deep = b"<sbml>" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</sbml>"
    with pytest.raises(InputError, match="nested more than 1000 deep"):
        count_records(put(tmp_path / "deep.xml", deep), "sbml", "here")


def packed(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return content.getvalue()


@pytest.mark.case("r11-zip-bomb")
def test_an_archive_of_more_rows_than_memory_is_refused(tmp_path, monkeypatch, quick):
    monkeypatch.setattr(archives, "ARCHIVE_CELLS", 200_000)
    path = put(tmp_path / "bomb.zip", packed(a="Gene,Deleted\n" + "b,1\n" * 5_000_000))
    assert path.stat().st_size < 30_000
    with pytest.raises(InputError, match=r"member 'a.csv': has more than 200,000 cells"):
        read_zip_tables(path)
    # together, not each; and lines that are blank or have commas only count as well
    half = "b,1\n" * 60_000
    with pytest.raises(InputError, match="has more than 200,000 cells"):
        read_zip_tables(put(path, packed(a=half, b=half.replace("1", "2"))))
    for line in ("\n", ",,,,,,,,,\n"):
        with pytest.raises(InputError, match="has more than 200,000 cells"):
            read_zip_tables(put(path, packed(a="x\n" + line * 300_000)))
    monkeypatch.setattr(archives, "ARCHIVE_BYTES", 1_000_000)
    monkeypatch.setattr(checks, "ARCHIVE_BYTES", 1_000_000)
    path = put(path, packed(a="b" * 2_000_000))
    with pytest.raises(InputError, match="unpacks to more than 1000000 bytes"):
        read_zip_tables(path)
    with pytest.raises(InputError, match="unpacks to more than 1,000,000 bytes"):
        count_records(path, "zip", "here")


def test_the_limits_are_above_what_is_known():
    assert limits.ARCHIVE_CELLS > 2 * 1_344_062
    assert limits.ARCHIVE_BYTES > 2 * 5_431_623


def bomb(last):
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join([*lines, last, "reactants: {}", "reactions: {}", "boundary_conditions: {}"])


@pytest.mark.case("r13-yaml-alias-bomb")
@pytest.mark.parametrize("last", ["name: *a11", "name: x\nconstraints: *a11", "name: x"])
def test_aliases_that_unfold_without_end_are_refused(tmp_path, quick, last):
    path = put(tmp_path / "model.yml", bomb(last))
    with pytest.raises(InputError, match="its aliases unfold to more than 2,000,000 items"):
        read_skimpy_yaml(path)


def test_aliases_of_plain_mappings_are_followed(tmp_path):
    path = put(tmp_path / "a.yml", "a: &one {s: -1, p: 1}\nb: *one\nc: &x 3\nd: *x\n")
    assert read_yaml(path) == {"a": {"s": -1, "p": 1}, "b": {"s": -1, "p": 1}, "c": 3, "d": 3}
    with pytest.raises(InputError, match="an alias of what the alias stands in"):
        read_yaml(put(path, "a: &a [1, *a]\n"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[" * 50_000, "nested more than 100 deep"),
        ("- " * 50_000, "nested more than 100 deep"),
        ("a: 1\nb: 2\na: 3\n", "line 3: the key 'a' stands twice"),
        ("a: " + "9" * 5_000, "it is not YAML"),
        ("a: 2001-99-99", "it is not YAML"),
        ("a: !!python/object:os.system x", "it is not YAML"),
        ("a: \x00", "it is not YAML"),
        ("? [1, 2]\n: x\n", "it is not YAML"),
        ("- a\n", "it holds no sections"),
        ("", "it holds no sections"),
        (b"a: \xff", "no text"),
        (gzip.compress(b"a: 1")[:-5], "cut off"),
    ],
)
def test_yaml_that_is_refused(tmp_path, quick, text, told):
    with pytest.raises(InputError, match=told):
        read_document(put(tmp_path / "model.yml", text))


MODEL = {
    "name": "m",
    "boundary_conditions": {"CC_x": {"class": "ConstantConcentration", "reactant": "x"}},
    "constraints": {},
    "dependent_reactants": {},
    "reactants": {"x": {"compartment": None}, "y": {"compartment": None}},
    "reactions": {
        "R": {
            "enzyme": None,
            "mechanism": {
                "class": "ReversibleMichaelisMenten",
                "substrate": "x",
                "product": "y",
                "mechanism_stoichiometry": {"substrate": -1, "product": 1},
            },
            "modifiers": {},
        }
    },
}


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))


def changed(path, value):
    document = json.loads(json.dumps(MODEL))
    if not path:
        return value
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return document


@pytest.mark.case("r20-skimpy-reactants-int")
def test_a_number_where_a_mapping_stands_is_named_with_its_reaction(tmp_path):
    path = tmp_path / "model.yml"
    for key in ("modifiers", "mechanism"):
        put(path, json.dumps(changed(("reactions", "R", key), 5)))
        with pytest.raises(InputError, match=f"reaction R: '{key}' is no mapping, but int"):
            read_skimpy_yaml(path)
    put(path, json.dumps(changed(("reactants",), 5)))
    with pytest.raises(InputError, match="reactants: it is not a mapping of names"):
        read_skimpy_yaml(path)


VALUES = [5, -1.5, True, None, "", "x", "9" * 500, [], [[1]], ["x", "y"], {}, {"a": {"b": 1}}]


@pytest.mark.parametrize("place", list(places(MODEL)), ids=".".join)
def test_any_value_in_any_place_of_a_model_is_read_or_refused(tmp_path, place):
    path = tmp_path / "model.yml"
    for value in VALUES:
        put(path, json.dumps(changed(place, value)))
        try:
            read_skimpy_yaml(path)
        except InputError as error:
            assert len(str(error)) < 2_000


@pytest.fixture
def hdf5(tmp_path):
    def make(change, base=True):
        path = tmp_path / "sets.h5"
        if base:
            write_parameter_sets(path, ["a", "b"], np.ones((3, 2)))
        with h5py.File(path, "a" if base else "w") as handle:
            change(handle)
        return path

    return make


def replace(handle, name, **value):
    del handle[name]
    handle.create_dataset(name, **value)


def external(handle):
    del handle["parameter_set_1"]
    handle.create_dataset(
        "parameter_set_1", shape=(2,), dtype="f8", external=[("/etc/hostname", 0, 16)]
    )


def virtual(handle):
    del handle["parameter_set_1"]
    layout = h5py.VirtualLayout((2,), "f8")
    layout[:] = h5py.VirtualSource("other.h5", "x", (2,))
    handle.create_virtual_dataset("parameter_set_1", layout)


def linked(kind):
    def change(handle):
        del handle["parameter_set_1"]
        handle["parameter_set_1"] = kind

    return change


@pytest.mark.case("r08-hdf5-kinds")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda f: replace(f, "parameter_set_0", data=["a", "b"]), "parameter_set_0 holds no num"),
        (lambda f: (f.pop("parameter_set_0"), f.create_group("parameter_set_0")), "is no dataset"),
        (lambda f: replace(f, "parameter_names", data=[1, 2]), "parameter_names holds no texts"),
        (lambda f: replace(f, "parameter_names", data=["a", "a"]), "holds a name twice"),
        (lambda f: replace(f, "parameter_names", data=["a"]), r"has the shape \(1,\)"),
        (lambda f: replace(f, "parameter_set_1", data=[1.0, np.nan]), "_1 holds a value that"),
        (lambda f: replace(f, "parameter_set_1", data=[1.0]), r"_1 has the shape"),
        (lambda f: replace(f, "parameter_set_0", data=1.0), r"the shape \(\), not a row"),
        (lambda f: f.move("parameter_set_2", "parameter_set_20000000"), "set_2 is missing"),
        (lambda f: f.move("parameter_set_2", "parameter_set_x"), "does not end in a number"),
        (lambda f: f.move("parameter_set_2", "parameter_set_" + "9" * 30), "end in a number"),
        (lambda f: replace(f, "parameter_set_0", shape=(10**12,), dtype="f8"), "50,000,000"),
        (external, "parameter_set_1 keeps its values in another file"),
        (virtual, "parameter_set_1 keeps its values in another file"),
        (linked(h5py.SoftLink("/index")), "parameter_set_1 is a link"),
        (linked(h5py.ExternalLink("other.h5", "/x")), "parameter_set_1 is a link"),
    ],
)  # fmt: skip
def test_hdf5_of_another_layout_is_refused(hdf5, tmp_path, change, told):
    path, target = hdf5(change), tmp_path / "values.npy"
    assert re.search(told, sets_process.read(str(path), str(target))["wrong"])
    assert not target.exists()


def test_what_is_wrong_comes_back_from_the_process(hdf5):
    with pytest.raises(InputError, match=r"sets\.h5: parameter_set_1 keeps its values in another"):
        read_parameter_sets(hdf5(external))


def test_hdf5_without_sets_and_without_names(hdf5, tmp_path):
    with pytest.raises(InputError, match="it has no datasets parameter_set_0"):
        read_parameter_sets(hdf5(lambda f: None, base=False))
    names, values = read_parameter_sets(hdf5(lambda f: f.pop("parameter_names")))
    assert names == ()
    assert values.shape == (3, 2)
    with pytest.raises(InputError, match="it cannot be read as HDF5"):
        read_parameter_sets(put(tmp_path / "text.h5", "parameter_set_0"))


@pytest.mark.case("r10-hdf5-flipped-hang")
def test_a_library_that_hangs_or_crashes_is_ended(hdf5, tmp_path, monkeypatch):
    path = hdf5(lambda f: None)
    monkeypatch.setattr(skimpy_sets, "HDF5_SECONDS", 1.0)
    for body in ("while True: pass", "import ctypes; ctypes.string_at(0)"):
        stand_in = tmp_path / f"stand_in_{len(body)}.py"
        stand_in.write_text(
            "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\n" + body
        )
        monkeypatch.setattr(skimpy_sets.sets_process, "__name__", stand_in.stem)
        monkeypatch.syspath_prepend(tmp_path)
        with pytest.raises(InputError, match="the HDF5 library fails on it or takes more than 1 s"):
            read_parameter_sets(path)


def test_the_process_ends_itself(tmp_path, monkeypatch):
    """A copy of h5py that hangs is ended by the limit that the process sets itself."""
    (tmp_path / "h5py.py").write_text(
        "class File:\n def __init__(self, *a, **k):\n  while 1: pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(skimpy_sets, "HDF5_SECONDS", 1.0)
    started = time.monotonic()
    with pytest.raises(InputError, match="takes more than 1 s"):
        read_parameter_sets(put(tmp_path / "sets.h5", "x"))
    assert time.monotonic() - started < 30


@pytest.mark.case("r22-chebi-header-only")
@pytest.mark.parametrize(
    "text",
    ["chebi_id\tsmiles\tinchikey\tsource", "chebi_id\tsmiles\tinchikey\tsource\n\n",
     "compound_id\tsmiles\tstandard_inchi_key\tdefault_structure\n"],
)  # fmt: skip
def test_a_table_of_its_header_only_has_no_rows(tmp_path, text):
    with pytest.raises(InputError, match="has no rows"):
        read_chebi(put(tmp_path / "c.tsv", text))


def test_metanetx_of_its_header_only_has_no_rows(tmp_path):
    path = put(
        tmp_path / "p.tsv", "#ID\tname\treference\tformula\tcharge\tmass\tInChI\tInChIKey\tSMILES\n"
    )
    with pytest.raises(InputError, match="has no rows"):
        read_metanetx(path, path, path, path)


@pytest.mark.case("r23-metnetcomp-digits")
@pytest.mark.parametrize("digits", ["9" * 5_000, "9" * 30, "²", "١", "-1", "1e3", ""])
def test_digits_where_a_size_stands(tmp_path, digits):
    header = "Deletion size,Max growth rate,Min production rate,Deleted genes"
    path = put(tmp_path / "c.csv", f"{header}\n{digits},0.5,0.1,b0001\n")
    with pytest.raises(InputError, match="line 2: the deletion size is"):
        read_strategies({("m", "t"): path})


def test_a_packed_file_is_unpacked_to_a_limit(tmp_path, monkeypatch):
    path = put(tmp_path / "model.xml", gzip.compress(b"<a/>"))
    with unpacked(path) as plain:
        assert plain.read_bytes() == b"<a/>"
    assert not plain.exists()
    monkeypatch.setattr("gemwright.io.compressed.UNPACKED_BYTES", 3)
    with pytest.raises(InputError, match="unpacks to more than 3 bytes"):
        list(content_of(path))


GEM = b'<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core"><model>'


def test_a_model_nested_without_end_is_refused(tmp_path, quick):
    inside = b"<a>" * 100_000 + b"</a>" * 100_000
    path = put(tmp_path / "model.xml", GEM + inside + b"</model></sbml>")
    with pytest.raises(InputError, match=f"nested more than {limits.MODEL_DEPTH:,} deep"):
        read_model(path)


@pytest.mark.parametrize(
    ("limit", "inside", "told"),
    [("BYTES", b" " * 300_000, "100,000 bytes"), ("TAGS", b"<a/>" * 100_001, "100,000 tags")],
)
def test_a_model_that_swells_is_refused(tmp_path, monkeypatch, quick, limit, inside, told):
    path = put(tmp_path / "model.xml", gzip.compress(GEM + inside))
    monkeypatch.setattr(f"gemwright.io.xml_depth.MODEL_{limit}", 100_000)
    with pytest.raises(InputError, match=f"unpacks to more than {told}"):
        read_model(path)


def test_a_model_of_too_many_tags_is_refused_before_it_is_parsed(tmp_path, monkeypatch):
    """A tree of 20 million tags took 2.4 GB before it was refused."""
    fed = []
    monkeypatch.setattr(
        "gemwright.io.xml_depth.ElementTree.XMLParser", lambda: fed.append("made") or None
    )
    monkeypatch.setattr("gemwright.io.xml_depth.MODEL_TAGS", 1_000)
    with pytest.raises(InputError, match="unpacks to more than 1,000 tags"):
        read_model(put(tmp_path / "model.xml", GEM + b"<a/>" * 1_001))
    assert fed == []


@pytest.mark.parametrize("start", [b"<!--", b"<?a ", b'<a b="'])
def test_a_comment_or_tag_without_end_is_not_read_over_and_over(tmp_path, monkeypatch, start):
    given = []

    class Parser:
        """Counts what expat has to look at: the unfinished comment and each new piece."""

        def __init__(self):
            self.expat = make()

        def Parse(self, piece, final):  # noqa: N802
            unfinished = sum(map(len, given)) - max(0, self.expat.CurrentByteIndex)
            given.append(piece)
            looked.append(unfinished + len(piece))
            return self.expat.Parse(piece, final)

        CurrentByteIndex = property(lambda self: self.expat.CurrentByteIndex)
        CurrentLineNumber = property(lambda self: self.expat.CurrentLineNumber)

    looked, make = [], expat.ParserCreate
    monkeypatch.setattr("gemwright.io.xml_depth.expat.ParserCreate", Parser)
    monkeypatch.setattr("gemwright.io.xml_depth.XML_TOKEN", 3 << 20)
    path = put(tmp_path / "model.xml", GEM + start + b"a" * (40 << 20))
    with pytest.raises(InputError, match=r"line 1: a comment or tag is longer than 3,145,728 byte"):
        require_plain_xml(path)
    assert sum(looked) < 20 << 20


def test_a_long_comment_and_much_text_are_no_fault(tmp_path):
    comment = b"<!--" + b"a" * (3 << 20) + b"-->"
    require_plain_xml(put(tmp_path / "a.xml", b"<a>" + comment * 3 + b"b" * (20 << 20) + b"</a>"))
