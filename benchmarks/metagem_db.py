"""MetaGEM-DB by every route in one command, from an empty folder: time, memory, same bytes twice.

Run as ``python benchmarks/metagem_db.py MIRROR`` with a folder that holds a copy of the live hosts
(see ``mirror`` in config/README.md); it is served on localhost. Prints the pairs of each route, the
seconds of two runs, the largest memory of the whole process tree, and whether the results agree.
"""

import hashlib
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil

from gemwright.io.tables import read_parquet

PROJECT = Path(__file__).parents[1]


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder without a word for each request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def tree_memory(process: psutil.Process) -> int:
    """Resident memory of a process and all that it started, in bytes."""
    total = 0
    for member in [process, *process.children(recursive=True)]:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def build(folder: Path, mirror: str) -> tuple[float, int]:
    """Run the workflow in a copy of the project; seconds, and largest memory in bytes."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (PROJECT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((PROJECT / name).read_bytes())
    (folder / "mirror.yaml").write_text(f"mirror: {mirror}\n")
    command = [
        sys.executable, "-m", "snakemake", "metagem_db", "--cores", "2", "--quiet", "all",
        "--configfile", "config/live.yaml", "mirror.yaml",
    ]  # fmt: skip
    start, largest = time.perf_counter(), 0
    with subprocess.Popen(command, cwd=folder) as running:
        watched = psutil.Process(running.pid)
        while running.poll() is None:
            largest = max(largest, tree_memory(watched))
            time.sleep(0.1)
    if running.returncode:
        raise SystemExit(f"the workflow failed with exit code {running.returncode}")
    return time.perf_counter() - start, largest


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of the database's files."""
    root = folder / "results" / "metagem_db"
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def main(mirror: str) -> None:
    """Build twice and compare."""
    handler = partial(QuietHandler, directory=mirror)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = []
    for number in (1, 2):
        with tempfile.TemporaryDirectory(prefix="gemwright-benchmark-") as name:
            folder = Path(name)
            seconds, memory = build(folder, f"http://127.0.0.1:{server.server_address[1]}")
            print(f"run {number}: {seconds:.1f} s, at most {memory / 1e9:.2f} GB")
            found.append(digests(folder))
            if number == 1:
                for path in sorted((folder / "results/metagem_db").glob("*/pairs.parquet")):
                    print(f"{path.parent.name}: {len(read_parquet(path, ['enzyme']))} pairs")
    server.shutdown()
    print(f"same bytes: {found[0] == found[1]} ({len(found[0])} files)")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
