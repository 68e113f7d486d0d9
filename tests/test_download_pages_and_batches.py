"""Pages (UniProt), batches (KEGG), and the checks of formats."""

import gzip
import hashlib
import os
import re
import signal
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from misbehaving_server import Reply, loopback_only, server  # noqa: F401
from test_download_faults import leftovers, quick_client, run_python, wait_for

from gemwright.download.addresses import encode, fill, mirror_paths, without_credentials
from gemwright.download.batches import download_batches
from gemwright.download.checks import Expected, count_records
from gemwright.download.hosts import HostGate, HostPolicy
from gemwright.download.pages import download_pages
from gemwright.errors import InputError

HEADER = b"Entry\tSequence\n"


@pytest.fixture
def client(tmp_path):
    return quick_client(tmp_path)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "files" / "stream.tsv.gz"


def page(server, number, last=4, release="2026_03", total=None, **trouble):  # noqa: F811
    """Page of three rows; its link leads to the next one."""
    rows = b"".join(b"P%d_%d\tMKV\n" % (number, row) for row in range(3))
    headers = {
        "X-Total-Results": str(3 * last if total is None else total),
        "X-UniProt-Release": release,
    }
    if number < last:
        headers["Link"] = f'<{server.url(f"/search?cursor={number + 1}")}>; rel="next"'
    return Reply(HEADER + rows, headers=headers, **trouble)


def script(server, **pages):  # noqa: F811
    """Four good pages, some replaced."""
    for number in range(1, 5):
        path = "/search?size=3" if number == 1 else f"/search?cursor={number}"
        server.scripts[path] = pages.get(f"page{number}", [page(server, number)])


def table(numbers=range(1, 5)):
    return HEADER + b"".join(b"P%d_%d\tMKV\n" % (n, row) for n in numbers for row in range(3))


def fetch(client, server, target, records=13):  # noqa: F811
    return download_pages(client, server.url("/search?size=3"), target, Expected("tsv", records))


def test_pages_make_one_table(client, server, target):  # noqa: F811
    script(server)
    arrival = fetch(client, server, target)
    assert gzip.decompress(target.read_bytes()) == table()
    assert (arrival.facts.records, arrival.release) == (13, "2026_03")
    assert leftovers(target.parent) == ["stream.tsv.gz"]
    assert len(server.requests) == 4
    plain = target.with_suffix("")
    fetch(client, server, plain)
    assert plain.read_bytes() == table()
    before = target.read_bytes()
    fetch(client, server, target)
    assert target.read_bytes() == before


def test_pages_survive_troubles_of_single_pages(client, server, target):  # noqa: F811
    script(
        server,
        page2=[page(server, 2, cut=20), page(server, 2)],
        page3=[Reply(status=429, headers={"Retry-After": "3"}), page(server, 3)],
    )
    fetch(client, server, target)
    assert gzip.decompress(target.read_bytes()) == table()
    assert client.pauses == [1.0, 3.0]


def test_compressed_pages_cut_short_are_noticed(client, server, target):  # noqa: F811
    whole = page(server, 2)
    packed = gzip.compress(whole.body)
    headers = {**whole.headers, "Content-Encoding": "gzip"}
    script(server, page2=[Reply(packed, headers=headers, cut=30), Reply(packed, headers=headers)])
    fetch(client, server, target)
    assert gzip.decompress(target.read_bytes()) == table()


def test_a_release_in_between_starts_again_once(client, server, target):  # noqa: F811
    new = {number: page(server, number, release="2026_04") for number in range(1, 5)}
    script(
        server,
        page1=[page(server, 1), new[1]],
        page2=[page(server, 2), new[2]],
        page3=[new[3]],
        page4=[new[4]],
    )
    assert fetch(client, server, target).release == "2026_04"
    assert gzip.decompress(target.read_bytes()) == table()
    assert len(server.requests) == 3 + 4


def test_releases_that_keep_changing_are_told(client, server, target):  # noqa: F811
    script(server, page3=[page(server, 3, release="2026_04")])
    with pytest.raises(InputError, match="changed from 2026_03 to 2026_04"):
        fetch(client, server, target)
    assert leftovers(target.parent) == []


@pytest.mark.parametrize("total", [11, 13])
def test_a_wrong_total_is_told(client, server, target, total):  # noqa: F811
    script(server, page1=[page(server, 1, total=total)])
    with pytest.raises(InputError, match=f"12 entries and announced {total}"):
        fetch(client, server, target)
    assert leftovers(target.parent) == []


def test_pages_in_a_circle_are_told(client, server, target):  # noqa: F811
    lost = page(server, 3)
    lost.headers["Link"] = f'<{server.url("/search?cursor=3")}>; rel="next"'
    script(server, page3=[lost])
    with pytest.raises(InputError, match="circle"):
        fetch(client, server, target)


def test_a_web_page_and_a_reply_without_a_total_are_told(client, server, target):  # noqa: F811
    script(server, page1=[Reply(b"<html>log in</html>")])
    with pytest.raises(InputError, match="web page"):
        fetch(client, server, target)
    script(server, page1=[Reply(table())])
    with pytest.raises(InputError, match="X-Total-Results"):
        fetch(client, server, target)
    assert leftovers(target.parent) == []


PAGES = """
import sys
from pathlib import Path
from gemwright.download.checks import Expected
from gemwright.download.client import Client
from gemwright.download.hosts import HostGate
from gemwright.download.pages import download_pages
target = Path(sys.argv[2])
download_pages(Client(HostGate(target.parent)), sys.argv[1], target, Expected("tsv", 13))
"""


@pytest.mark.parametrize("cursor_lost", [False, True])
def test_a_killed_run_goes_on_at_its_page(client, server, target, cursor_lost):  # noqa: F811
    lost = [Reply(b"invalid cursor", 400)] if cursor_lost else []
    script(server, page3=[page(server, 3, hang="headers"), *lost, page(server, 3)])
    process = run_python(PAGES, server.url("/search?size=3"), target)
    wait_for(lambda: server.asked("/search?cursor=3"), process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert not target.exists()
    part = target.with_name("stream.tsv.gz.part")
    with open(part, "ab") as handle:  # a page that was written, and its state not any more
        handle.write(b"P3_0\tMKV\n" * 100)
    fetch(client, server, target)
    assert gzip.decompress(target.read_bytes()) == table()
    assert len(server.asked("/search?size=3")) == 1 + cursor_lost


GENES = [f"eco:b{number:04}" for number in range(25)]


def kegg(server, unknown=(), **trouble):  # noqa: F811
    """Answer batches as KEGG does: without the unknown genes, 404 if none is known."""

    def reply(request):
        genes = re.fullmatch(r"/get/(.+)/aaseq", request.path)[1].split("+")
        assert len(genes) <= 10
        # in an order of its own
        known = sorted((gene for gene in genes if gene not in unknown), reverse=True)
        body = "".join(f">{gene} K00001 name\n{'MKV' * 30}\nGG\n" for gene in known)
        return Reply(body.encode(), 200 if known else 404, **trouble)

    for start in range(0, len(GENES), 10):
        path = f"/get/{'+'.join(GENES[start : start + 10])}/aaseq"
        server.scripts[path] = [reply]
    return server.url("/get/{genes}/aaseq")


def fasta(genes):
    return "".join(f">{gene} K00001 name\n{'MKV' * 30}\nGG\n" for gene in genes).encode()


def test_batches_make_one_fasta_in_the_order_of_the_genes(tmp_path, server, target):  # noqa: F811
    gate = HostGate(tmp_path, policies={"127.0.0.1": HostPolicy(0.05)})
    client = quick_client(tmp_path)
    waits = []
    gate.sleep = waits.append
    client.gate = gate
    pattern = kegg(server)
    arrival = download_batches(client, pattern, GENES + GENES[:3], target, Expected("fasta"))
    assert target.read_bytes() == fasta(GENES)
    assert arrival.facts.records == 25
    assert [request.path.count("+") + 1 for request in server.requests] == [10, 10, 5]
    assert server.requests[0].path.startswith("/get/eco:b0000+eco:b0001+")
    assert len(waits) == 2
    assert all(0 < wait <= 0.05 for wait in waits)


def test_the_pace_of_the_real_hosts(tmp_path):
    gate = HostGate(tmp_path)
    assert gate.policy("https://rest.kegg.jp/get").interval >= 1 / 3
    assert gate.policy("http://bigg.ucsd.edu/static").interval > 0
    assert gate.policy("https://somewhere.else/").interval > 0


def test_missing_genes_are_listed(client, server, target, caplog):  # noqa: F811
    unknown = [GENES[3], *GENES[10:20]]
    download_batches(client, kegg(server, unknown), GENES, target, Expected("fasta"))
    assert target.read_bytes() == fasta([gene for gene in GENES if gene not in unknown])
    assert f"11 of 25 genes are unknown to the host and left out: {', '.join(unknown)}" in (
        caplog.text
    )
    with pytest.raises(InputError, match="knows none"):
        download_batches(client, kegg(server, GENES), GENES, target, Expected("fasta"))


def test_a_batch_that_is_no_fasta_or_forbidden_is_told(client, server, target):  # noqa: F811
    pattern = kegg(server)
    second = next(path for path in server.scripts if GENES[10] in path)
    server.scripts[second] = [Reply(b"<html>busy</html>")]
    with pytest.raises(InputError, match="no FASTA"):
        download_batches(client, pattern, GENES, target, Expected("fasta"))
    server.scripts[second] = [Reply(b"", 403)]
    with pytest.raises(InputError, match="403"):
        download_batches(client, pattern, GENES, target, Expected("fasta"))
    assert not target.exists()
    # and goes on after the batch that came
    kegg(server)
    download_batches(client, pattern, GENES, target, Expected("fasta"))
    assert target.read_bytes() == fasta(GENES)
    assert len(server.asked(next(iter(server.scripts)))) == 1


def test_other_genes_start_again(client, server, target):  # noqa: F811
    pattern = kegg(server)
    second = next(path for path in server.scripts if GENES[10] in path)
    server.scripts[second] = [Reply(b"", 403)]
    with pytest.raises(InputError):
        download_batches(client, pattern, GENES, target, Expected("fasta"))
    others = GENES[9::-1]
    server.scripts[f"/get/{'+'.join(others)}/aaseq"] = next(iter(server.scripts.values()))
    download_batches(client, pattern, others, target, Expected("fasta"))
    assert target.read_bytes() == fasta(others)


def test_sequences_that_nobody_asked_for_are_left_out(client, server, target, caplog):  # noqa: F811
    server.scripts["/get/a+b/aaseq"] = [Reply(b">b\nMK\n>stranger\nMK\n>a\r\nMK\r\n>b\nGG\n")]
    pattern = server.url("/get/{genes}/aaseq")
    download_batches(client, pattern, ["a", "b"], target, Expected("fasta"))
    assert target.read_bytes() == b">a\nMK\n>b\nMK\n"
    assert "'stranger', which was not asked for" in caplog.text


BATCHES = """
import sys
from pathlib import Path
from gemwright.download.batches import download_batches
from gemwright.download.checks import Expected
from gemwright.download.client import Client
from gemwright.download.hosts import HostGate
target = Path(sys.argv[2])
client = Client(HostGate(target.parent))
download_batches(client, sys.argv[1], sys.argv[3:], target, Expected("fasta"))
"""


def test_killed_batches_go_on(client, server, target):  # noqa: F811
    pattern = kegg(server)
    second = next(path for path in server.scripts if GENES[10] in path)
    server.scripts[second].insert(0, Reply(hang="headers"))
    process = run_python(BATCHES, pattern, target, *GENES)
    wait_for(lambda: server.asked(second), process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    download_batches(client, pattern, GENES, target, Expected("fasta"))
    assert target.read_bytes() == fasta(GENES)
    assert len(server.requests) == 4


def file_of(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    return path


def zipped(tmp_path, **members):
    with zipfile.ZipFile(tmp_path / "zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__in__", "/"), text)
    return (tmp_path / "zip").read_bytes()


GOOD = [
    ("tsv", b"\xef\xbb\xbfa\tb\n\n1\t2\n", 2),
    ("csv", "ä,b\r\n1,2".encode(), 2),
    ("text", b"one\n \ntwo\n", 2),
    ("fasta", b"\xef\xbb\xbf>a\nMK\n>b\nMK\n", 2),
    ("json", b'\xef\xbb\xbf{"a": [1, 2]}', 1),
    ("sbml", b'<?xml version="1.0"?><sbml xmlns="x"><model/></sbml>', 1),
    ("hdf5", b"\x89HDF\r\n\x1a\n rest", 1),
]


@pytest.mark.parametrize(("form", "content", "records"), GOOD)
def test_good_files_are_counted_plain_and_gzipped(tmp_path, form, content, records):
    assert count_records(file_of(tmp_path, content), form, "x") == records
    assert count_records(file_of(tmp_path, gzip.compress(content)), form, "x") == records


def test_archives_are_counted_without_the_finders_files(tmp_path):
    content = zipped(tmp_path, a="1", b__in__c="2", __MACOSX__in__a="3")
    assert count_records(file_of(tmp_path, content), "zip", "x") == 2
    damaged = content[:31] + bytes([content[31] ^ 0xFF]) + content[32:]
    with pytest.raises(InputError, match="ZIP"):
        count_records(file_of(tmp_path, damaged), "zip", "x")


@pytest.mark.parametrize(
    ("form", "content", "message"),
    [
        ("tsv", b"", "is empty"),
        ("tsv", b"a\tb\n\0\n", "line 2 has a NUL"),
        ("tsv", b"a\xff\n", "no UTF-8"),
        ("fasta", b"MKV\n", "starts with b'MKV"),
        ("json", b'{"a": ', "no JSON"),
        ("json", b"[" * 200_000, "no JSON"),
        ("sbml", b"<sbml><model></sbml>", "no XML"),
        ("sbml", b"<feed><sbml/></feed>", "root is <feed>"),
        ("zip", b"PK rubbish", "no ZIP"),
        ("hdf5", b"\x89PNG", "no HDF5"),
        ("tsv", gzip.compress(b"a\n" * 9999)[:-4], "damaged gzip"),
        ("tsv", gzip.compress(b"a\n" * 9999, mtime=0)[:-5] + b"12345", "damaged gzip"),
        ("json", gzip.compress(b"[1]", mtime=0)[:-8] + bytes(8), "damaged gzip"),
        ("hdf5", gzip.compress(b"\x89HDF\r\n\x1a\n" + bytes(99))[:-8] + bytes(8), "damaged gzip"),
    ],
)
def test_bad_files_are_told(tmp_path, form, content, message):
    with pytest.raises(InputError, match=re.escape(message)):
        count_records(file_of(tmp_path, content), form, "x")


@given(st.integers(0, 10**9), st.integers(1, 255))
def test_no_flipped_byte_of_gzip_passes_with_another_content(tmp_path_factory, place, flip):
    content = b"".join(
        b"%d\t%s\n" % (i, hashlib.sha256(b"%d" % i).digest().hex().encode()) for i in range(50)
    )
    packed = bytearray(gzip.compress(content, mtime=0))
    packed[place % len(packed)] ^= flip
    path = tmp_path_factory.mktemp("flip") / "file"
    path.write_bytes(packed)
    if packed[:2] != b"\x1f\x8b":
        return
    try:
        records = count_records(path, "tsv", "x")
    except InputError:
        return
    assert records == 50
    assert gzip.decompress(path.read_bytes()) == content


def test_addresses():
    raw = "https://h.org/a/Target metabolites_smile.csv"
    assert encode(raw) == "https://h.org/a/Target%20metabolites_smile.csv"
    assert encode(encode(raw)) == encode(raw)
    assert mirror_paths(raw, "") == [
        "h.org/a/Target metabolites_smile.csv", "h.org/a/Target metabolites_smile.csv.gz",
    ]  # fmt: skip
    assert encode("http://h/e&s&core.csv?x=(a:*)+AND&b=1") == (
        "http://h/e%26s%26core.csv?x=(a:*)+AND&b=1"
    )
    assert encode("https://rest.kegg.jp/get/eco:b1+eco:b2/aaseq").endswith("/eco:b1+eco:b2/aaseq")
    assert mirror_paths("https://h/search?q=1", "h/stream.tsv.gz") == ["h/stream.tsv.gz"]
    assert mirror_paths("https://h/get/{genes}/aaseq", "h/m.fasta") == ["h/m.fasta"]
    assert mirror_paths("https://h/a.gz", "h/b.gz") == ["h/a.gz", "h/a.gz.gz", "h/b.gz"]
    assert without_credentials("http://me:pw@h:8/a?b") == "http://h:8/a?b"
    assert fill("{a}/{b}", {"a": "x"}) == "x/{b}"
    with pytest.raises(InputError):
        mirror_paths("http://h/../x", "")
