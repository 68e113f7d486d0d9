"""Single files from hosts on bad days: each ends in the right file or in one clear message."""

import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest
from misbehaving_server import Reply, loopback_only, ranged, server  # noqa: F401

from gemwright.download.checks import Expected
from gemwright.download.client import Client
from gemwright.download.headers import follow
from gemwright.download.hosts import HostGate, HostPolicy
from gemwright.download.transfer import copy, download
from gemwright.errors import InputError
from gemwright.sources.registry import read_registry

LINES = b"".join(b"%d\tvalue %d\n" % (i, i * i) for i in range(20_000))
OTHER = LINES.replace(b"value", b"other")
SHA256 = hashlib.sha256(LINES).hexdigest()
ETAG = '"v1"'
TABLE = Expected("tsv", 20_000)
PINNED = Expected("tsv", 20_000, SHA256)
ROOT = Path(__file__).parents[1]


@pytest.fixture
def client(tmp_path):
    return quick_client(tmp_path)


def quick_client(folder, **changes):
    """A client that writes down its pauses instead of making them."""
    pauses = []
    made = Client(
        HostGate(folder),
        **{"retries": 3, "read_timeout": 0.3, "connect_timeout": 1.0, "chance": lambda: 0.0}
        | {"sleep": pauses.append}
        | changes,
    )
    made.pauses = pauses
    return made


def get(client, server, target, expected=TABLE, path="/t.tsv"):  # noqa: F811
    return download(client, server.url(path), target, expected)


def leftovers(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def target(tmp_path):
    return tmp_path / "files" / "t.tsv"


def test_no_test_leaves_this_machine(client, target):
    with pytest.raises(AssertionError, match=r"looked up data\.example\.org"):
        download(client, "http://data.example.org/t.tsv", target, TABLE)
    with pytest.raises(AssertionError, match="looked up"):
        download(client, "http://192.0.2.1/t.tsv", target, TABLE)


def test_a_good_host(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [
        Reply(
            LINES,
            headers={
                "Last-Modified": "Thu, 02 Jul 2026 03:04:05 GMT",
                "X-UniProt-Release": "2026_03",
            },
        )
    ]
    arrival = get(client, server, target)
    assert target.read_bytes() == LINES
    assert (arrival.facts.size, arrival.facts.records) == (len(LINES), 20_000)
    assert arrival.facts.sha256 == SHA256
    assert arrival.release == "2026_03"
    assert target.stat().st_mtime == arrival.modified == 1_782_961_445
    assert leftovers(target.parent) == ["t.tsv"]


def test_a_truncated_body_is_resumed(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [ranged(LINES, ETAG, cut=100_000), ranged(LINES, ETAG)]
    get(client, server, target)
    assert target.read_bytes() == LINES
    again = server.requests[1].headers
    assert 0 < int(again["Range"].removeprefix("bytes=").removesuffix("-")) <= 100_000
    assert again["If-Range"] == ETAG
    assert client.pauses == [1.0]


def test_a_body_that_is_always_truncated_is_told(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(LINES, cut=1000)]
    with pytest.raises(InputError, match=r"failed 4 times.*run again"):
        get(client, server, target)
    assert client.pauses == [1.0, 2.0, 4.0]
    assert not target.exists()


def test_without_a_validator_nothing_is_resumed(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(LINES, cut=100_000), Reply(OTHER)]
    get(client, server, target)
    assert target.read_bytes() == OTHER
    assert "Range" not in server.requests[1].headers


def test_a_pinned_file_is_resumed_without_a_validator(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(LINES, cut=100_000), ranged(LINES)]
    get(client, server, target, PINNED)
    assert target.read_bytes() == LINES
    assert "Range" in server.requests[1].headers
    assert "If-Range" not in server.requests[1].headers


def test_a_host_without_ranges_starts_again(client, server, target):  # noqa: F811
    whole = {"headers": {"ETag": ETAG}}
    server.scripts["/t.tsv"] = [Reply(LINES, cut=100_000, **whole), Reply(LINES, **whole)]
    get(client, server, target)
    assert "Range" in server.requests[1].headers
    assert target.read_bytes() == LINES


def test_a_file_that_changes_before_the_resume_comes_whole(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [ranged(LINES, ETAG, cut=100_000), ranged(OTHER, '"v2"')]
    get(client, server, target)
    assert target.read_bytes() == OTHER


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Range": f"bytes 5-{len(LINES) - 1}/{len(LINES)}"},
        {"Content-Range": f"bytes 100000-{len(LINES)}/{len(LINES) + 1}"},
        {"Content-Range": "rubbish"},
        {},
        # heeds Range, but not If-Range
        {"Content-Range": f"bytes 65536-{len(LINES) - 1}/{len(LINES)}", "ETag": '"v2"'},
    ],
)
def test_a_wrong_range_is_not_appended(client, server, target, headers):  # noqa: F811
    server.scripts["/t.tsv"] = [
        ranged(LINES, ETAG, cut=65_536), Reply(OTHER[65_536:], 206, headers), ranged(OTHER, '"v2"'),
    ]  # fmt: skip
    get(client, server, target)
    assert target.read_bytes() == OTHER
    assert len(server.requests) == 3


def test_a_host_that_sends_short_ranges_is_asked_again(client, server, target):  # noqa: F811
    def short(request):
        first = int(request.headers["Range"][6:-1])
        last = min(first + 200_000, len(LINES)) - 1
        return Reply(
            LINES[first : last + 1], 206, {"Content-Range": f"bytes {first}-{last}/{len(LINES)}"}
        )

    server.scripts["/t.tsv"] = [ranged(LINES, ETAG, cut=65_536), short]
    get(client, server, target)
    assert target.read_bytes() == LINES


def test_only_lasting_progress_counts(client, server, target):  # noqa: F811
    body = b"x" * 3_000_000
    cuts = iter([1_500_000, 100_000] * 20)
    server.scripts["/t.tsv"] = [lambda _: Reply(body, cut=next(cuts))]
    with pytest.raises(InputError, match="failed 4 times"):
        get(client, server, target)
    assert len(server.requests) == 4
    # resumable, each connection brings it on, and no failure is one too many
    server.scripts["/t.tsv"] = [lambda r: ranged(body, ETAG, cut=1_100_000)(r)] * 9
    client.retries = 1
    assert get(client, server, target, Expected("tsv")).facts.size == len(body)


def test_a_range_out_of_the_file_starts_again(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [
        ranged(LINES, ETAG, cut=100_000), Reply(status=416), ranged(OTHER, ETAG),
    ]  # fmt: skip
    get(client, server, target)
    assert target.read_bytes() == OTHER


def test_a_host_that_always_sends_part_of_a_file_is_told(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(LINES, 206)]
    with pytest.raises(InputError, match="cannot resume"):
        get(client, server, target)
    assert leftovers(target.parent) == []


def test_a_wrong_checksum_is_tried_once_more(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(OTHER), Reply(LINES)]
    get(client, server, target, PINNED)
    assert target.read_bytes() == LINES


def test_a_changed_file_under_a_pinned_hash_is_told(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(OTHER)]
    with pytest.raises(InputError, match="the file changed upstream") as told:
        get(client, server, target, PINNED)
    assert SHA256 in str(told.value)
    assert hashlib.sha256(OTHER).hexdigest() in str(told.value)
    assert len(server.requests) == 2
    assert leftovers(target.parent) == []


def test_the_old_file_stays_when_the_new_one_is_wrong(client, server, target):  # noqa: F811
    target.parent.mkdir()
    target.write_bytes(b"old")
    server.scripts["/t.tsv"] = [Reply(OTHER)]
    with pytest.raises(InputError):
        get(client, server, target, PINNED)
    assert target.read_bytes() == b"old"


def test_retry_after_in_seconds_and_as_a_date(client, server, target):  # noqa: F811
    now = time.time()
    client.clock = lambda: now
    date = formatdate(now + 42, usegmt=True)
    server.scripts["/t.tsv"] = [
        Reply(status=429, headers={"Retry-After": "7"}),
        Reply(status=503, headers={"Retry-After": date}),
        Reply(LINES),
    ]
    get(client, server, target)
    assert client.pauses[0] == 7.0
    assert 40 <= client.pauses[1] <= 42
    assert target.read_bytes() == LINES


def test_a_demanded_pause_holds_for_other_processes(client, server, target, tmp_path):  # noqa: F811
    moment = Time()
    moment.now = time.time()
    others = HostGate(
        tmp_path, policies={"127.0.0.1": HostPolicy(0.1)}, clock=moment.clock, sleep=moment.sleep
    )
    client.gate = HostGate(tmp_path, policies=others.policies, sleep=lambda _: None)
    client.sleep = lambda _: others.turn(server.url("/")).__enter__()
    server.scripts["/t.tsv"] = [Reply(status=429, headers={"Retry-After": "90"})]
    client.retries = 1
    with pytest.raises(InputError, match="429"):
        get(client, server, target)
    assert 85 < moment.pauses[0] <= 91


def test_too_long_a_pause_is_told(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(status=429, headers={"Retry-After": "86400"})]
    with pytest.raises(InputError, match="wait 86,400 seconds"):
        get(client, server, target)
    assert client.pauses == []


def test_a_server_error_passes(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(b"oops", 500), Reply(b"oops", 502), Reply(LINES)]
    get(client, server, target)
    assert client.pauses == [1.0, 2.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_told_at_once(client, server, target, status):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(b"no", status)]
    with pytest.raises(InputError, match=rf"t\.tsv: the host answers {status}.*mirror"):
        get(client, server, target)
    assert len(server.requests) == 1
    assert leftovers(target.parent) == []


def test_redirects_are_followed(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(status=302, headers={"Location": "/a b&c.tsv"})]
    server.scripts["/a%20b%26c.tsv"] = [Reply(LINES)]
    get(client, server, target)
    assert target.read_bytes() == LINES


def test_a_host_leads_only_to_those_declared_for_it(client, server, target):  # noqa: F811
    port = server.port
    server.scripts["/t.tsv"] = [
        Reply(status=302, headers={"Location": f"http://localhost:{port}/u.tsv"})
    ]
    server.scripts["/u.tsv"] = [Reply(status=302, headers={"Location": server.url("/v.tsv")})]
    server.scripts["/v.tsv"] = [Reply(LINES)]
    told = rf"leads from 127\.0\.0\.1:{port} to another host \(localhost:{port}\); use a mirror"
    with pytest.raises(InputError, match=told):
        get(client, server, target)
    assert [request.path for request in server.requests] == ["/t.tsv"]
    client.gate.policies = {"127.0.0.1": HostPolicy(0.0, ("127.0.0.1", "localhost"))}
    get(client, server, target)
    assert target.read_bytes() == LINES
    client.stay = True
    with pytest.raises(InputError, match=told):
        get(client, server, target)


@pytest.mark.parametrize(
    ("dataset", "target", "led"),
    [
        ("bigg_universe_json", "https://bigg.ucsd.edu/static/u.json", True),
        ("rhea_ec", "https://ftp.expasy.org/other", True),
        ("rhea_ec", "https://download.sib.swiss/rhea2ec.tsv", True),
        ("kegg_sequences", "https://www.kegg.jp/x", True),
        ("kegg_sequences", "https://notkegg.jp/x", False),
        ("kegg_sequences", "https://kegg.jp.example.org/x", False),
        ("chebi_compounds", "https://rest.uniprot.org/x", False),
        ("deepgdel_iML1515_genes", "https://media.githubusercontent.com/media/x", True),
        ("metnetcomp_core", "https://somebody.github.io/x", False),
        ("uniprot_enzymes", "https://rest.uniprot.org/next", True),
    ],
)
def test_only_declared_hosts_are_led_to(tmp_path, dataset, target, led):
    url = read_registry()[dataset].url
    domains = HostGate(tmp_path).leads_to(url)
    if led:
        assert follow(url, target, "here", domains) == target
    else:
        with pytest.raises(InputError, match="to another host"):
            follow(url, target, "here", domains)


def test_a_redirect_loop_is_told(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(status=301, headers={"Location": "/u.tsv"})]
    server.scripts["/u.tsv"] = [Reply(status=301, headers={"Location": "/t.tsv"})]
    with pytest.raises(InputError, match="redirected more than 10 times"):
        get(client, server, target)


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_connection_that_hangs_ends(client, server, target, where):  # noqa: F811
    server.scripts["/t.tsv"] = [ranged(LINES, ETAG, hang=where, cut=100_000), ranged(LINES, ETAG)]
    began = time.monotonic()
    get(client, server, target)
    assert time.monotonic() - began < 3
    assert target.read_bytes() == LINES


def test_a_host_that_is_not_there_is_told(client, target):
    with pytest.raises(InputError, match="failed 4 times"):
        download(client, "http://127.0.0.1:9/t.tsv", target, TABLE)


PAGE = b"  <!-- x --><!DOCTYPE html>\n<html><body>Please log in</body></html>\n" * 20_000


@pytest.mark.parametrize("form", ["tsv", "json", "sbml", "fasta", "text", "zip", "hdf5", "csv"])
def test_a_web_page_is_no_data(client, server, target, form):  # noqa: F811
    for body in (PAGE, gzip.compress(PAGE)):
        server.scripts["/t.tsv"] = [Reply(body)]
        with pytest.raises(InputError, match="web page instead of data"):
            get(client, server, target, Expected(form))
    assert leftovers(target.parent) == []


def test_compression_that_nobody_asked_for_is_undone(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(gzip.compress(LINES), headers={"Content-Encoding": "gzip"})]
    get(client, server, target, PINNED)
    assert server.requests[0].headers["Accept-Encoding"] == "identity"
    assert target.read_bytes() == LINES
    assert leftovers(target.parent) == ["t.tsv"]


def test_a_gzipped_file_that_is_called_encoded_stays(client, server, target):  # noqa: F811
    packed = gzip.compress(LINES)
    server.scripts["/t.tsv.gz"] = [Reply(packed, headers={"Content-Encoding": "gzip"})]
    arrival = get(client, server, target, path="/t.tsv.gz")
    assert target.read_bytes() == packed
    assert arrival.facts.records == 20_000


def test_gzip_cut_short_without_a_length_is_noticed(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(gzip.compress(LINES)[:-9], length=-1, cut=10**9)]
    with pytest.raises(InputError, match="damaged gzip"):
        get(client, server, target)


def test_lines_cut_short_without_a_length_are_noticed(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(LINES[:-3], length=-1, cut=10**9)]
    with pytest.raises(InputError, match="ended inside a line"):
        get(client, server, target)
    assert not target.exists()
    server.scripts["/t.tsv"] = [
        Reply(LINES[:-3], length=-1, cut=10**9),
        Reply(LINES, length=-1, cut=10**9),
    ]
    get(client, server, target)
    assert target.read_bytes() == LINES


def test_too_few_records_are_told(client, server, target):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(b"a\tb\n")]
    with pytest.raises(InputError, match=r"1 records.*at least 20,000"):
        get(client, server, target)


def test_a_part_of_unknown_origin_is_not_used(client, server, target):  # noqa: F811
    target.parent.mkdir()
    part = target.with_name("t.tsv.part")
    elsewhere = {"url": "http://elsewhere/t.tsv", "validator": ETAG, "total": len(LINES)}
    for state in (None, "{", "[]", json.dumps(elsewhere)):
        part.write_bytes(OTHER[:70_000])
        if state is not None:
            target.with_name("t.tsv.part.json").write_text(state)
        server.scripts["/t.tsv"] = [ranged(LINES, ETAG)]
        get(client, server, target)
        assert target.read_bytes() == LINES
        assert leftovers(target.parent) == ["t.tsv"]


def run_python(code, *arguments, wrapper=(), **options):
    return subprocess.Popen(
        [*wrapper, sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


DOWNLOAD = """
import sys
from pathlib import Path
from gemwright.download.checks import Expected
from gemwright.download.client import Client
from gemwright.download.hosts import HostGate
from gemwright.download.transfer import download
target = Path(sys.argv[2])
download(Client(HostGate(target.parent)), sys.argv[1], target, Expected("tsv", 20_000))
"""


@pytest.mark.parametrize("changed", [False, True])
def test_a_killed_process_is_resumed(client, server, target, changed):  # noqa: F811
    server.scripts["/t.tsv"] = [
        ranged(LINES, ETAG, cut=200_000, hang="body"),
        ranged(OTHER, '"v2"') if changed else ranged(LINES, ETAG),
    ]
    part = target.with_name("t.tsv.part")
    process = run_python(DOWNLOAD, server.url("/t.tsv"), target)
    wait_for(lambda: part.exists() and part.stat().st_size > 100_000, process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert not target.exists()
    get(client, server, target)
    assert target.read_bytes() == (OTHER if changed else LINES)
    assert server.requests[1].headers["If-Range"] == ETAG
    assert int(server.requests[1].headers["Range"][6:-1]) > 100_000
    assert leftovers(target.parent) == ["t.tsv"]


def wait_for(condition, process):
    until = time.monotonic() + 20
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.01)


FULL = """
import resource, subprocess, sys
from pathlib import Path
from gemwright.download.batches import download_batches
from gemwright.download.checks import Expected
from gemwright.download.client import Client
from gemwright.download.hosts import HostGate
from gemwright.download.pages import download_pages
from gemwright.download.transfer import copy, download
from gemwright.errors import InputError
kind, disk, address, folder = sys.argv[1:]
target = Path(folder) / "t.tsv"
client = Client(HostGate(Path(folder)), sleep=lambda _: None)
if disk == "tmpfs":
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "none", folder], check=True)
else:
    resource.setrlimit(resource.RLIMIT_FSIZE, (128 * 1024, 128 * 1024))
try:
    if kind == "file":
        download(client, address, target, Expected("tsv"))
    elif kind == "copy":
        copy(Path(address), target, Expected("tsv"))
    elif kind == "pages":
        download_pages(client, address, target, Expected("tsv"))
    else:
        download_batches(client, address + "?{genes}", ["a"], target, Expected("fasta"))
except InputError as error:
    print(error)
    print(sorted(path.name for path in Path(folder).iterdir()))
"""
MAY_MOUNT = (
    subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True)
    if os.path.exists("/usr/bin/unshare")
    else None
)


@pytest.mark.parametrize("kind", ["file", "copy", "pages", "batches"])
@pytest.mark.parametrize("disk", ["tmpfs", "limit"])
def test_a_full_disk_is_told_and_left_clean(server, tmp_path, kind, disk):  # noqa: F811
    """A disk that is really full, and a process that may not write larger files."""
    if disk == "tmpfs" and (MAY_MOUNT is None or MAY_MOUNT.returncode):
        pytest.skip("file systems cannot be mounted here")
    folder = tmp_path / "small"
    folder.mkdir()
    address = server.url("/t.tsv")
    body, headers = LINES, {}
    if kind == "pages":
        headers = {"X-Total-Results": "19999"}
    elif kind == "batches":
        body = b">a\n" + b"M" * 300_000
        server.scripts["/t.tsv?a"] = [Reply(body)]
    elif kind == "copy":
        address = tmp_path / "source.tsv"
        address.write_bytes(LINES)
    server.scripts["/t.tsv"] = [Reply(body, headers=headers)]
    wrapper = ["unshare", "-rm"] if disk == "tmpfs" else []
    process = run_python(FULL, kind, disk, address, folder, wrapper=wrapper)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    message, left = out.splitlines()
    assert message.startswith(f"{folder}: there is no space for t.tsv")
    assert "bytes were needed" in message
    if kind in ("file", "copy"):
        assert f"{len(LINES):,} bytes" in message
    assert left == "[]"


def test_a_copy_is_verified(tmp_path, target):
    source = tmp_path / "source.tsv"
    source.write_bytes(LINES)
    os.utime(source, (1e9, 1e9))
    assert copy(source, target, PINNED).modified == 1e9
    assert target.read_bytes() == LINES
    source.write_bytes(OTHER)
    with pytest.raises(InputError, match="changed upstream"):
        copy(source, target, PINNED)
    assert target.read_bytes() == LINES


@pytest.fixture
def proxy():
    """A forward proxy for plain HTTP; it finds every host on this machine."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            host = self.headers["Host"]
            address = self.path.replace(host, f"127.0.0.1:{proxied.upstream}", 1)
            with build_opener(ProxyHandler({})).open(address) as reply:
                body = reply.read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    proxied = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=proxied.serve_forever, args=(0.02,))
    thread.start()
    proxied.seen = seen
    yield proxied
    proxied.shutdown()
    thread.join()
    proxied.server_close()


def test_a_proxy_is_honoured(client, server, target, proxy, monkeypatch):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(LINES)]
    proxy.upstream = server.port
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.server_address[1]}")
    download(client, "http://data.example.org/t.tsv", target, PINNED)
    assert proxy.seen == ["http://data.example.org/t.tsv"]
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    get(client, server, target)
    assert len(proxy.seen) == 1


class Time:
    """A clock that only pauses move."""

    def __init__(self):
        self.now, self.pauses = 1e9, []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.pauses.append(round(seconds, 6))
        self.now += seconds


def gate(folder, moment, **options):
    return HostGate(
        folder,
        policies={"h": HostPolicy(0.5)},
        clock=moment.clock,
        sleep=moment.sleep,
        **options,
    )


def test_requests_to_a_host_keep_their_distance(tmp_path):
    moment = Time()
    # two gates, as in two processes
    for one in (gate(tmp_path, moment), gate(tmp_path, moment)) * 2:
        with one.turn("http://h/x"):
            moment.now += 0.1
    assert moment.pauses == [0.4, 0.4, 0.4]
    one.defer("http://h/y", 30)
    with gate(tmp_path, moment).turn("http://h/x"):
        pass
    assert moment.pauses[3] == 30
    moment.now -= 1e6  # the clock was set back
    with one.turn("http://h/x"):
        pass
    assert len(moment.pauses) == 4


def test_free_hosts_do_not_wait(tmp_path):
    moment = Time()
    one = gate(tmp_path, moment, free=frozenset({"mirror"}))
    for host in ("mirror", "127.0.0.1", "localhost", "[::1]") * 2:
        with one.turn(f"http://{host}/x"):
            pass
    assert moment.pauses == []
    assert not (tmp_path / ".hosts").exists()
    with one.turn("http://other/x"), pytest.raises(RuntimeError), one.turn("http://h/x"):
        raise RuntimeError("a turn ends however its block ends")
    with one.turn("http://h/x"):
        pass
    assert moment.pauses == [0.5]


HOLD = """
import sys, time
from pathlib import Path
from gemwright.download.hosts import HostGate
with HostGate(Path(sys.argv[1])).turn("http://rest.kegg.jp/x"):
    print("in", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.mark.parametrize("end", ["done", "killed"])
def test_one_request_at_a_time_across_processes(tmp_path, end):
    process = run_python(HOLD, tmp_path, 0.8 if end == "done" else 60)
    assert process.stdout.readline() == "in\n"
    began = time.monotonic()
    if end == "killed":
        process.kill()
        process.wait()
    with HostGate(tmp_path).turn("http://rest.kegg.jp/x"):
        waited = time.monotonic() - began
    process.communicate()
    assert (0.7 if end == "done" else 0.2) < waited < 5
