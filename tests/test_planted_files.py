"""What others have put into a shared folder: it is not followed, and costs one message at most."""

import dataclasses
import gzip
import json
import os
import signal

import pytest
import requests
from misbehaving_server import Reply, loopback_only, server  # noqa: F401
from shared_cache_jobs import CountingEncoder

from gemwright.download.checks import Expected
from gemwright.download.client import Client
from gemwright.download.collections import DownloadOptions
from gemwright.download.fetching import fetch_collection
from gemwright.download.hosts import HostGate, HostPolicy
from gemwright.download.pages import download_pages
from gemwright.embedding.store import EmbeddingStore
from gemwright.errors import InputError
from gemwright.io.files import process_space, write_text
from gemwright.io.locks import claim, exclusive
from gemwright.io.tensors import read_cached_tensors
from gemwright.sources.registry import collection

BODY = b"a\tb\n1\t2\n"
KINDS = ("link", "dangling link", "hard link", "folder", "pipe")


@pytest.fixture(autouse=True)
def nothing_waits():
    """A pipe that is opened would be waited for as long as the test runs."""
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it waits"))
    signal.alarm(60)
    yield
    signal.alarm(0)


@pytest.fixture
def victim(tmp_path):
    path = tmp_path / "thesis.tex"
    path.write_text("ten years")
    yield path
    assert path.read_text() == "ten years"
    assert not (tmp_path / "absent").exists()


def plant(kind, place, victim):
    place.parent.mkdir(parents=True, exist_ok=True)
    if kind == "folder":
        (place / "inside").mkdir(parents=True)
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "hard link":
        place.hardlink_to(victim)
    else:
        place.symlink_to(victim if kind == "link" else victim.with_name("absent"))


def registry(server):  # noqa: F811
    row = collection("rhea")["rhea_ec"]
    return {"rhea_ec": dataclasses.replace(row, url=server.url("/table.tsv"), records="1")}


@pytest.mark.case("r25-symlink-in-shared-folder")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name",
    [
        "127.0.0.1/table.tsv", "127.0.0.1/table.tsv.new", "127.0.0.1/table.tsv.part",
        "127.0.0.1/table.tsv.part.packed", "127.0.0.1/table.tsv.part.json",
        "127.0.0.1/table.tsv.part.json.new", "127.0.0.1/table.tsv.record.json",
        "127.0.0.1/table.tsv.record.json.new", ".locks/127.0.0.1/table.tsv.lock", "by-sha256",
    ],
)  # fmt: skip
def test_downloads(tmp_path, server, victim, kind, name):  # noqa: F811
    folder = tmp_path / "downloads"
    plant(kind, folder / name, victim)
    server.scripts["/table.tsv"] = [Reply(BODY)]
    options = DownloadOptions(folder)
    try:
        (record,) = fetch_collection("rhea", options, registry(server))
    except InputError as error:
        assert str(folder) in str(error)
    else:
        assert (folder / record.file).read_bytes() == BODY
        assert not (folder / record.file).is_symlink()


@pytest.mark.parametrize("part", ["link", "hard link", "pipe", "folder"])
def test_a_planted_part_with_a_state_that_fits(tmp_path, server, victim, part):  # noqa: F811
    """With a state of its own it would be gone on with."""
    folder = tmp_path / "downloads/127.0.0.1"
    plant(part, folder / "table.tsv.part", victim)
    state = {
        "url": server.url("/table.tsv"), "validator": '"1"', "total": len(BODY), "whole": True,
        "modified": None, "release": "", "encoding": "identity",
    }  # fmt: skip
    (folder / "table.tsv.part.json").write_text(json.dumps(state))
    server.scripts["/table.tsv"] = [Reply(BODY, headers={"ETag": '"1"'})]
    try:
        fetch_collection("rhea", DownloadOptions(tmp_path / "downloads"), registry(server))
    except InputError as error:
        assert part == "folder"
        assert "is a folder" in str(error)
    else:
        assert (folder / "table.tsv").read_bytes() == BODY


STATES = [
    "[]", "null", "1", '"x"', "{}", "[" * 5000, '{"url": 1}', "\x00", "NaN",
    *(
        json.dumps({"url": "URL", "validator": '"1"', "total": 8, "whole": True, "modified": None,
                    "release": "", "encoding": "identity"} | change)
        for change in ({"total": "8"}, {"total": -1}, {"encoding": []}, {"release": None},
                       {"modified": "x"}, {"validator": {}}, {"whole": None})
    ),
]  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_a_state_of_another_layout_starts_again(tmp_path, server, state):  # noqa: F811
    folder = tmp_path / "downloads/127.0.0.1"
    folder.mkdir(parents=True)
    (folder / "table.tsv.part").write_bytes(BODY[:4])
    text = state.replace("URL", server.url("/table.tsv"))
    (folder / "table.tsv.part.json").write_text(text)
    server.scripts["/table.tsv"] = [Reply(BODY, headers={"ETag": '"1"'})]
    fetch_collection("rhea", DownloadOptions(tmp_path / "downloads"), registry(server))
    assert (folder / "table.tsv").read_bytes() == BODY
    assert "Range" not in server.requests[0].headers


@pytest.mark.parametrize("kind", KINDS)
def test_packed_pages(tmp_path, server, victim, kind):  # noqa: F811
    target = tmp_path / "downloads/table.tsv.gz"
    plant(kind, target.with_name("table.tsv.gz.part.packed"), victim)
    server.scripts["/q?x=1"] = [Reply(BODY, headers={"X-Total-Results": "1"})]
    client = Client(HostGate(tmp_path / "downloads"), retries=0)
    try:
        download_pages(client, server.url("/q?x=1"), target, Expected("tsv", 1))
    except (InputError, IsADirectoryError):
        assert kind == "folder"
    else:
        assert gzip.decompress(target.read_bytes()) == BODY


@pytest.mark.case("r25-symlink-in-shared-folder")
@pytest.mark.parametrize("kind", KINDS)
def test_the_pace_of_a_host(tmp_path, victim, kind):
    plant(kind, tmp_path / ".hosts/h.example.lock", victim)
    gate = HostGate(tmp_path, sleep=lambda _: None)
    told = r"h\.example\.lock: is a (link|folder|pipe).*move away what is there"
    for ask in (lambda: gate.turn("http://h.example/x").__enter__(),
                lambda: gate.defer("http://h.example/x", 1.0)):  # fmt: skip
        with pytest.raises(InputError, match=told):
            ask()


@pytest.mark.parametrize("kind", KINDS)
def test_a_claim_and_a_lock(tmp_path, victim, kind, caplog):
    place = tmp_path / "cache/.claim"
    plant(kind, place, victim)
    with pytest.raises(InputError, match="move away"), exclusive(place):
        pass
    with claim(place) as mine:
        assert mine
    assert "done without a lock" in caplog.text
    assert os.path.lexists(place)


def test_a_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "cache").write_text("")
    for place in (tmp_path / "cache/x", tmp_path / "cache/deeper/x"):
        for attempt in (lambda at: write_text(at, "x"), lambda at: exclusive(at).__enter__(),
                        lambda at: claim(at).__enter__()):  # fmt: skip
            with pytest.raises(InputError, match=r"cache.*(is a file, where a folder|no folder)"):
                attempt(place)


@pytest.mark.parametrize("kind", KINDS)
def test_a_written_file(tmp_path, victim, kind):
    target = tmp_path / "shared/table.txt"
    plant(kind, target.with_name(f".tmp-{process_space()}+{os.getpid()}+table.txt"), victim)
    if kind == "folder":
        with pytest.raises(InputError, match="is a folder"):
            write_text(target, "mine")
        return
    write_text(target, "mine")
    assert target.read_text() == "mine"
    assert [path.name for path in target.parent.iterdir()] == ["table.txt"]


def test_a_name_that_is_too_long(tmp_path):
    with pytest.raises(InputError, match="name that is too long"):
        write_text(tmp_path / ("x" * 300), "")


# -- vectors


def shard_of(folder):
    EmbeddingStore(folder, CountingEncoder()).fetch(["A", "AC"])
    (shard,) = (folder / "counting-1").glob("shard-*")
    shard.unlink()
    return shard


@pytest.mark.case("r33-shard-is-a-folder")
@pytest.mark.parametrize("kind", KINDS)
def test_something_else_in_place_of_a_shard(tmp_path, victim, kind, caplog):
    shard = shard_of(tmp_path)
    plant(kind, shard, victim)
    encoder = CountingEncoder()
    assert EmbeddingStore(tmp_path, encoder).fetch(["A", "AC"]).tolist() == [[1, 1], [2, 1]]
    assert encoder.asked == ["A", "AC"]
    again = CountingEncoder()
    EmbeddingStore(tmp_path, again).fetch(["A", "AC"])
    if kind == "folder":
        assert "is no file, its texts are encoded again" in caplog.text
        assert f"vectors are not kept for other runs: {shard}: is a folder" in caplog.text
        assert (shard / "inside").is_dir()
        assert again.asked == ["A", "AC"]
    else:
        assert again.asked == []


def test_a_folder_in_place_of_a_claim(tmp_path):
    shard = shard_of(tmp_path)
    (shard.parent / shard.name.replace("shard-", ".claim-").removesuffix(".parquet")).mkdir()
    assert EmbeddingStore(tmp_path, CountingEncoder()).fetch(["A", "AC"]).tolist() == [
        [1, 1],
        [2, 1],
    ]
    assert shard.is_file()


def test_a_file_in_place_of_a_store(tmp_path):
    (tmp_path / "counting-1").write_text("")
    with pytest.raises(InputError, match="counting-1: is a file, where a folder has to be"):
        EmbeddingStore(tmp_path, CountingEncoder()).fetch(["A"])


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_something_else_in_place_of_a_checkpoint(tmp_path, victim, kind):
    plant(kind, tmp_path / "checkpoint.safetensors", victim)
    with pytest.raises(InputError, match="where a file has to be"):
        read_cached_tensors(tmp_path / "checkpoint.safetensors", "checkpoint")


# -- where replies lead


@pytest.fixture
def client(tmp_path):
    return Client(HostGate(tmp_path), retries=0, sleep=lambda _: None)


@pytest.mark.case("r31-link-to-other-host")
@pytest.mark.parametrize("stay", [False, True])
@pytest.mark.parametrize(
    "link",
    [
        "http://localhost:PORT/2?x=1", "file:///etc/passwd", "//localhost:PORT/2", "http://[::1",
        "ftp://127.0.0.1/", "http://127.0.0.1:99999/", "http://127.0.0.1@localhost:PORT/2",
        "javascript:1", "http://127.0.0.1:1/2?x=1",
    ],
)  # fmt: skip
def test_the_next_page_is_of_the_same_host(tmp_path, client, server, link, stay):  # noqa: F811
    port = server.url("/").rpartition(":")[2].strip("/")
    headers = {"Link": f'<{link.replace("PORT", port)}>; rel="next"', "X-Total-Results": "2"}
    server.scripts["/1?x=1"] = [Reply(BODY, headers=headers)]
    client.stay = stay
    address = server.url("/1?x=1").replace("http://", "http://me:s3cret@")
    with pytest.raises(InputError, match=r"leads (to|from)\b") as told:
        download_pages(client, address, tmp_path / "t.tsv", Expected("tsv", 1))
    assert len(server.requests) == 1
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize("link", ["/2?x=1", "2?x=1", "http://127.0.0.1:PORT/2?x=1"])
def test_a_next_page_of_the_host_gets_the_password(tmp_path, client, server, link):  # noqa: F811
    port = server.url("/").rpartition(":")[2].strip("/")
    headers = {"Link": f'<{link.replace("PORT", port)}>; rel="next"', "X-Total-Results": "2"}
    server.scripts["/1?x=1"] = [Reply(BODY, headers=headers)]
    seen = []

    def last(request):
        seen.append([path.read_bytes() for path in tmp_path.rglob("*.json")])
        return Reply(b"a\tb\n3\t4\n", headers={"X-Total-Results": "2"})

    server.scripts["/2?x=1"] = [last]
    address = server.url("/1?x=1").replace("http://", "http://me:s3cret@")
    download_pages(client, address, tmp_path / "t.tsv", Expected("tsv", 2))
    assert (tmp_path / "t.tsv").read_bytes() == BODY + b"3\t4\n"
    assert all("Authorization" in request.headers for request in server.requests)
    assert b"s3cret" not in b"".join(seen[0])


def test_a_state_cannot_lead_to_another_host(tmp_path, client, server):  # noqa: F811
    url, port = server.url("/1?x=1"), server.url("/").rpartition(":")[2].strip("/")
    state = {
        "url": url, "next": f"http://localhost:{port}/evil", "release": "", "total": 2,
        "header": "a\tb", "lines": 1, "offset": len(BODY),
    }  # fmt: skip
    (tmp_path / "t.tsv.part").write_bytes(BODY)
    (tmp_path / "t.tsv.part.json").write_text(json.dumps(state))
    server.scripts["/1?x=1"] = [Reply(BODY, headers={"X-Total-Results": "1"})]
    download_pages(client, url, tmp_path / "t.tsv", Expected("tsv", 1))
    assert [request.path for request in server.requests] == ["/1?x=1"]


def test_a_redirect_to_what_is_no_address_is_told(client, server):  # noqa: F811
    server.scripts["/x"] = [Reply(status=302, headers={"Location": "/\xed\xa0"})]
    with (
        pytest.raises(InputError, match="redirected to what is no address"),
        client.reply(server.url("/x")),
    ):
        pass


class Secure(requests.adapters.BaseAdapter):
    """Answers for https what a host would that leads elsewhere."""

    def __init__(self, location):
        super().__init__()
        self.location, self.asked = location, []

    def send(self, request, **_):
        self.asked.append((request.url, request.headers.get("Authorization")))
        reply = requests.Response()
        reply.status_code, reply.url, reply.request = 302, request.url, request
        reply.headers["Location"] = self.location
        reply.raw = open(os.devnull, "rb")  # noqa: SIM115
        return reply

    def close(self):
        pass


@pytest.mark.case("r31-link-to-other-host")
@pytest.mark.parametrize("location", ["http://h.example/x", "http://elsewhere.example/x"])
def test_https_is_never_left(tmp_path, client, location):
    adapter = Secure(location)
    client.session.mount("https://", adapter)
    with (
        pytest.raises(InputError, match="leads from https to http"),
        client.reply("https://me:s3cret@h.example/x"),
    ):
        pass
    assert [url for url, _ in adapter.asked] == ["https://h.example/x"]


def test_a_password_goes_to_no_other_host(client):
    adapter = Secure("https://elsewhere.example/x")
    free = HostPolicy(0.0, ("elsewhere.example",))
    client.gate.policies = {"h.example": free, "elsewhere.example": free}
    client.session.mount("https://", adapter)
    with pytest.raises(InputError) as told, client.reply("https://me:s3cret@h.example/x"):
        pass
    (first, sent), *others = adapter.asked
    assert sent
    assert "https://elsewhere.example/x" in dict(others)
    assert {header for _, header in others} == {None}
    assert "s3cret" not in str(told.value) + first


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "9" * 5000}, {"Retry-After": "²"},
        {"Last-Modified": "Mon, 01 Jan 0001 00:00:00 GMT"},
        {"Last-Modified": "Mon, 01 Jan 99999 00:00:00 -0000"}, {"ETag": '"a"' * 9000},
        {"X-Total-Results": "9" * 5000}, {"Link": "<>; rel=next"}, {"Link": "<" * 500},
    ],
)  # fmt: skip
def test_odd_headers_are_no_reason_to_fail(tmp_path, client, server, headers):  # noqa: F811
    server.scripts["/t.tsv"] = [Reply(BODY, headers=headers)]
    server.scripts["/q?x=1"] = [Reply(BODY, headers={"X-Total-Results": "1"} | headers)]
    server.scripts["/busy"] = [Reply(status=503, headers=headers)]
    fetch_collection("rhea", DownloadOptions(tmp_path / "d"), {
        "rhea_ec": dataclasses.replace(
            collection("rhea")["rhea_ec"], url=server.url("/t.tsv"), records="1"
        )
    })  # fmt: skip
    for ask in (
        lambda: download_pages(client, server.url("/q?x=1"), tmp_path / "q", Expected("tsv", 1)),
        lambda: client.body(server.url("/busy")),
    ):
        try:
            ask()
        except InputError as error:
            assert len(str(error)) < 1000
