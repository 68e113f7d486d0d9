"""What programs, hosts and shared folders give us: clusters, hits, replies, states, shards."""

import shutil
import socket
import threading
from contextlib import suppress
from email.parser import BytesHeaderParser
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import numpy as np
from harness import Target
from requests.structures import CaseInsensitiveDict

from gemwright.download.addresses import with_credentials_of, without_credentials
from gemwright.download.batches import download_batches
from gemwright.download.checks import Expected
from gemwright.download.client import Client
from gemwright.download.headers import follow, http_date, next_link, tells_its_end, whole_number
from gemwright.download.hosts import HostGate
from gemwright.download.mirror import Mirror
from gemwright.download.pages import download_pages
from gemwright.download.transfer import download
from gemwright.embedding.store import EmbeddingStore
from gemwright.errors import InputError
from gemwright.homology.clusters import parse_clstr
from gemwright.homology.diamond import read_hits

CLUSTERS = b""">Cluster 0
0\t300aa, >s12... at 95.00%
1\t310aa, >s1... *
2\t301aa, >s7... at 1:2:3:4/88.20%
>Cluster 1
0\t9aa, >s2... *
"""


def read_clusters(path: Path) -> None:
    try:
        found = parse_clstr(path.read_text("utf-8").splitlines(keepends=True))
    except ValueError as error:  # told as a fault of the program by its caller
        raise InputError("CD-HIT", str(error), "run again") from error
    groups: dict[str, list[str]] = {}
    for member, representative in found.items():
        groups.setdefault(representative, []).append(member)
    lines = []
    for number, (representative, members) in enumerate(groups.items()):
        lines.append(f">Cluster {number}\n")
        for place, name in enumerate(members):
            mark = "*" if name == representative else "at 90%"
            lines.append(f"{place}\t1aa, >{name}... {mark}\n")
    assert parse_clstr(lines) == found


HITS = b"".join(
    f"q{n}\ts{n % 3}\t{90 + n}.5\t300\t310\t305\t1\t300\t2\t301\t1e-{n}\t{500 + n}\n".encode()
    for n in range(8)
)


def read_table_of_hits(path: Path) -> None:
    try:
        table = read_hits(path)
    except ValueError as error:  # told as a fault of the program by its caller
        raise InputError("DIAMOND", str(error), "run again") from error
    assert len(table) == path.read_bytes().count(b"\n")
    assert np.isfinite(table.select_dtypes("number").to_numpy(float)).all()
    again = path.with_name("again.tsv")
    table.to_csv(again, sep="\t", header=False, index=False, quoting=3, escapechar="\x01")
    if not any("\x01" in str(name) for name in table["qseqid"].cat.categories):
        assert read_hits(again)["length"].tolist() == table["length"].tolist()


PAGES = (
    b'Link: <https://h.example/q?cursor=2&size=2>; rel="next"\nX-Total-Results: 2\n'
    b"X-UniProt-Release: 2025_01\n\nEntry\tName\nP1\tx\n",
    b"X-Total-Results: 1\n\nEntry\tName\nP1\tx\n",
    b"Link: </q?x=1>; rel=prev, <q?x=2>; rel=next\nX-Total-Results: 2\n\nEntry\nP1\n",
)


class Replies:
    """A host that gives the same first page always, and then a last one."""

    def __init__(self, content: bytes) -> None:
        head, _, self.content = content.partition(b"\n\n")
        self.asked: list[str] = []
        parsed = BytesHeaderParser().parsebytes(head + b"\n\n")
        self.headers = CaseInsensitiveDict({key: str(value) for key, value in parsed.items()})

    def body(self, address: str) -> tuple[bytes, CaseInsensitiveDict[str]]:
        assert urlsplit(address).hostname == "h.example", address
        self.asked.append(address)
        if len(self.asked) % 2:
            return self.content, self.headers
        last = CaseInsensitiveDict(self.headers)
        last.pop("Link", None)
        return self.content.partition(b"\n")[0] + b"\nP2\ty\n", last


def fetch_pages(path: Path) -> None:
    replies = Replies(path.read_bytes())
    target = path.with_name("table.tsv")
    download_pages(replies, "https://me:pw@h.example/q?x=1", target, Expected("tsv", 1))  # type: ignore[arg-type]
    assert {urlsplit(address).username for address in replies.asked} == {"me"}
    assert target.read_bytes().startswith(replies.content.partition(b"\n")[0])


BATCH = b">eco:b0002 thrA; x\nMKV\nLSE\n>eco:b0004 thrC\nMKL\n"
ASKED = ["eco:b0002", "eco:b0003", "eco:b0004"]


class Batch:
    """A host that gives the same sequences, whatever it is asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def body(self, address: str) -> tuple[bytes, CaseInsensitiveDict[str]]:
        assert address == "https://h.example/get/eco:b0002+eco:b0003+eco:b0004/aaseq"
        return self.content, CaseInsensitiveDict()


def fetch_batch(path: Path) -> None:
    """What is kept is asked for, once, in the order of asking, as it came."""
    target = path.with_name("genes.fasta")
    pattern = "https://h.example/get/{genes}/aaseq"
    download_batches(Batch(path.read_bytes()), pattern, ASKED, target, Expected("fasta", 1))  # type: ignore[arg-type]
    given = target.read_bytes()
    names = [line[1:].split()[0].decode() for line in given.splitlines() if line[:1] == b">"]
    assert names and names == [name for name in ASKED if name in names]
    came = b"".join(path.read_bytes().split())
    assert all(b"".join(one.split()) in came for one in given.split(b">"))


ADDRESSES = (
    b"</next?cursor=abc>; rel=next", b"https://h.example/a%20b?x=1#y", b"//h.example:443/x",
    b"https://user:pw@h.example/x", b"Mon, 01 Jan 2024 00:00:00 GMT", b"12345",
    b"<https://h.example/2>; rel=\"next\", <https://h.example/9>; rel=\"last\"",
)  # fmt: skip


def read_header(path: Path) -> None:
    text = path.read_bytes().decode("latin-1").replace("\r", "").replace("\n", " ")
    headers = {"Link": text, "Content-Length": text, "Transfer-Encoding": text}
    number, moment = whole_number(text), http_date(text)
    assert number is None or 0 <= number < 10**18
    assert moment is None or moment >= 0
    tells_its_end(headers)
    with suppress(ValueError):
        assert "@" not in urlsplit(without_credentials(text)).netloc
    for target in (next_link(headers), text):
        for domains in ((), ("example.org",)):
            try:
                address = follow("https://h.example/a?b=1", target, "h", domains)
            except InputError:
                continue
            assert urlsplit(address).scheme == "https"
            host = urlsplit(address).hostname or ""
            assert host == "h.example" or (domains and host.endswith("example.org"))
            if not domains:
                told = urlsplit(with_credentials_of("https://me:pw@h.example", address))
                assert (told.hostname, told.username) == ("h.example", "me")
    with suppress(InputError):
        Mirror(f"https://{text}")


REPLIES = (
    b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\nETag: "1"\r\n\r\na\tb\n1\t2\n',
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na\tb\n\r\n4\r\n1\t2\n\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n\r\na\tb\n1\t2\n",
    b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 4-7/8\r\nContent-Length: 4\r\n\r\n1\t2\n",
)


class Host(threading.Thread):
    """Answers every request with the same bytes, and ends the connection."""

    def __init__(self, content: bytes) -> None:
        super().__init__(daemon=True)
        self.content, self.listener = content, socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.recv(65536)
                    connection.sendall(self.content)
                except OSError:
                    continue

    def stop(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def fetch_file(path: Path) -> None:
    host = Host(path.read_bytes())
    host.start()
    part = path.with_name("t.tsv.part")
    try:
        client = Client(
            HostGate(path.parent), retries=1, read_timeout=5, stay=True, sleep=lambda _: None
        )
        download(client, f"http://127.0.0.1:{host.port}/t.tsv", path.with_name("t.tsv"),
                 Expected("tsv", 1))  # fmt: skip
        assert path.with_name("t.tsv").stat().st_size
        assert not part.exists()
    except InputError:
        if path.read_bytes() in REPLIES[3:]:  # refusals, which are right
            return
        raise
    finally:
        host.stop()


class Lengths:
    name, version, arithmetic, dimension = "lengths", "1", "", 2

    def encode(self, texts: list[str]) -> np.ndarray:
        return np.array([[len(text), text.count("A")] for text in texts], dtype=np.float32)


TEXTS = ["A", "AC", "ACA", "CCCCC"]


@cache
def shards() -> list[bytes]:
    with TemporaryDirectory() as folder:
        EmbeddingStore(folder, Lengths()).fetch(TEXTS)
        (shard,) = Path(folder).rglob("shard-*")
        return [shard.read_bytes()]


def read_shard(path: Path) -> None:
    """Whatever stands in a shard, the vectors are the right ones."""
    store = path.with_name("store")
    (store / "lengths-1").mkdir(parents=True)
    shutil.copy(path, store / "lengths-1/shard-0123456789abcdef.parquet")
    found = EmbeddingStore(store, Lengths()).fetch(TEXTS)
    assert found.tolist() == Lengths().encode(TEXTS).tolist()


TARGETS = [
    Target("clusters of CD-HIT", ".clstr", lambda: [CLUSTERS], read_clusters),
    Target("hits of DIAMOND", ".tsv", lambda: [HITS], read_table_of_hits),
    Target("pages of a host", ".txt", lambda: list(PAGES), fetch_pages),
    Target("batches of a host", ".fasta", lambda: [BATCH], fetch_batch),
    Target("headers and addresses", ".txt", lambda: list(ADDRESSES), read_header),
    Target("replies of a host", ".http", lambda: list(REPLIES), fetch_file),
    Target("shards of vectors", ".parquet", shards, read_shard),
]
