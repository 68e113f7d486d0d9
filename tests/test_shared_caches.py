"""Caches that several processes, users and configurations use at once."""

import dataclasses
import logging
import os
import shutil
import signal
import stat
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
from misbehaving_server import Reply, loopback_only, server  # noqa: F401
from shared_cache_jobs import (
    PROCESSES,
    CountingEncoder,
    encode,
    encode_as_another_user,
    fetch,
    in_processes,
    killed_while_encoding,
)  # fmt: skip
from toy_deletions import toy_strategies

from gemwright.config.deletion_networks import NetworkOptions
from gemwright.deepgdel import network_runs
from gemwright.deepgdel.folds import Fold
from gemwright.download import storage
from gemwright.download.collections import DownloadOptions
from gemwright.download.fetching import fetch_collection
from gemwright.download.records import open_downloads, write_records
from gemwright.embedding import store as store_module
from gemwright.embedding.store import EmbeddingStore
from gemwright.errors import InputError
from gemwright.io.locks import claim
from gemwright.learning.checkpoints import checkpoint_folder
from gemwright.run_settings import CACHE_VARIABLE, RunSettings, run_settings
from gemwright.sources.registry import collection


def expected(texts):
    return [[len(text), text.count("A")] for text in texts]


# -- vectors

TEXTS = ["A" * number + "C" * (number % 7) for number in range(1, 41)]


def test_two_processes_share_the_encoding(tmp_path):
    backwards = TEXTS[::-1]
    (one, first), (other, second) = in_processes(
        encode, (tmp_path, TEXTS, 0.05), (tmp_path, backwards, 0.05)
    )
    assert one == expected(TEXTS)
    assert other == expected(backwards)
    # each did a part, and nothing was done twice
    assert sorted(first + second) == sorted(TEXTS)
    assert first
    assert second
    left = [path.name for path in (tmp_path / "counting-1").iterdir()]
    assert all(name.startswith("shard-") for name in left)


def test_who_comes_with_other_texts_takes_what_has_come_meanwhile(tmp_path):
    class Helped(CountingEncoder):
        def encode(self, texts):
            if not self.asked:  # meanwhile another process encodes a part of what is wanted
                EmbeddingStore(tmp_path, CountingEncoder()).fetch(["AAAAA", "AAAAAAA", "other"])
            return super().encode(texts)

    encoder = Helped()
    texts = ["A" * number for number in range(1, 9)]
    vectors = EmbeddingStore(tmp_path, encoder, shard_size=4).fetch(texts)
    assert vectors.tolist() == expected(texts)
    assert encoder.asked == ["A", "AA", "AAA", "AAAA", "AAAAAA", "AAAAAAAA"]


def test_the_claim_of_a_killed_process_is_free(tmp_path):
    process = PROCESSES.Process(target=killed_while_encoding, args=(tmp_path,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert len(list((tmp_path / "counting-1").glob(".claim-*"))) == 1
    assert EmbeddingStore(tmp_path, CountingEncoder()).fetch(["A", "AC"]).tolist() == [
        [1, 1],
        [2, 1],
    ]
    assert list((tmp_path / "counting-1").glob(".claim-*")) == []


def test_a_second_configuration_encodes_nothing(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    EmbeddingStore(tmp_path, CountingEncoder()).fetch(["A", "AC", "A", "CC"])
    assert "counting: 0 of 3 vectors from the cache, 3 encoded" in caplog.text
    second = CountingEncoder()
    assert EmbeddingStore(tmp_path, second).fetch(["CC", "A"]).tolist() == [[2, 0], [1, 1]]
    assert second.asked == []
    assert "counting: 2 of 2 vectors from the cache, 0 encoded" in caplog.text


@pytest.fixture
def public_folder():
    """A folder that other users reach; those of pytest are private."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def damage(shard):
    content = bytearray(shard.read_bytes())
    content[len(content) // 3] ^= 1
    shard.write_bytes(bytes(content))


@pytest.mark.parametrize("trouble", ["damaged", "unreadable"])
@pytest.mark.parametrize("locked", [True, False])
def test_a_shard_of_another_user_that_is_of_no_use(public_folder, trouble, locked):
    EmbeddingStore(public_folder, CountingEncoder()).fetch(["A", "CC"])
    EmbeddingStore(public_folder, CountingEncoder()).fetch(["ACA"])
    own = public_folder / "counting-1"
    shard = max(own.glob("shard-*"), key=lambda path: path.stat().st_size)
    if trouble == "damaged":
        damage(shard)
    else:
        shard.chmod(0)
    own.chmod(0o555 if locked else 0o777)
    ((vectors, asked, told),) = in_processes(
        encode_as_another_user, (public_folder, ["A", "CC", "ACA"])
    )
    own.chmod(0o755)
    assert vectors == expected(["A", "CC", "ACA"])
    assert asked == ["A", "CC"]
    assert "encoded again" in told
    assert ("not kept" in told) == locked
    if locked and trouble == "damaged":
        assert "cannot be deleted" in told
    if not locked:
        again = CountingEncoder()
        shard.chmod(0o644) if shard.exists() else None
        EmbeddingStore(public_folder, again).fetch(["A", "CC", "ACA"])
        assert again.asked == []


def test_a_shard_that_another_process_deletes_is_encoded_again(tmp_path, monkeypatch, caplog):
    EmbeddingStore(tmp_path, CountingEncoder()).fetch(["A"])
    read = store_module.read_table

    def late(path, columns):
        path.unlink(missing_ok=True)
        return read(path, columns)

    monkeypatch.setattr(store_module, "read_table", late)
    encoder = CountingEncoder()
    assert EmbeddingStore(tmp_path, encoder).fetch(["A"]).tolist() == [[1, 1]]
    assert encoder.asked == ["A"]
    assert "damaged" not in caplog.text


def test_a_foreign_shard_is_deleted(tmp_path, caplog):
    class Wide(CountingEncoder):
        dimension = 3

        def encode(self, texts):
            return np.ones((len(texts), 3), dtype=np.float32)

    EmbeddingStore(tmp_path, Wide()).fetch(["A"])
    assert EmbeddingStore(tmp_path, CountingEncoder()).fetch(["A"]).tolist() == [[1, 1]]
    assert "damaged shard deleted" in caplog.text
    assert "holds vectors of" in caplog.text


def test_a_group_may_share_what_its_umask_gives(tmp_path):
    before = os.umask(0o002)
    try:
        EmbeddingStore(tmp_path / "cache", CountingEncoder()).fetch(["A"])
    finally:
        os.umask(before)
    (shard,) = (tmp_path / "cache/counting-1").glob("shard-*")
    assert stat.S_IMODE(shard.stat().st_mode) == 0o664
    assert stat.S_IMODE(shard.parent.stat().st_mode) == 0o775


def test_a_claim_is_for_one_at_a_time(tmp_path):
    with claim(tmp_path / "it") as mine, claim(tmp_path / "it") as again:
        assert mine
        assert not again
    with claim(tmp_path / "it") as mine:
        assert mine
    assert list(tmp_path.iterdir()) == []


# -- trainings


def test_checkpoints_are_of_one_content_and_one_project(tmp_path, monkeypatch):
    def name(content):
        with checkpoint_folder(tmp_path / "cache", "kind", content) as folder:
            folder.mkdir(parents=True)
        assert not folder.exists()
        return folder

    assert name("a") == name("a")
    assert name("a") != name("b")
    before = name("a")
    monkeypatch.chdir(tmp_path)
    assert name("a") != before
    with pytest.raises(KeyboardInterrupt), checkpoint_folder(tmp_path, "kind", "c") as folder:
        folder.mkdir(parents=True)
        raise KeyboardInterrupt
    assert folder.exists()


def test_deletion_networks_lie_by_what_they_depend_on(tmp_path, monkeypatch):
    places = []
    monkeypatch.setattr(
        network_runs,
        "train_network",
        lambda data, train, name, options, folder: (
            places.append(folder) or (folder, network_runs.pd.DataFrame())
        ),
    )
    monkeypatch.setattr(network_runs, "predict_network", lambda *_: np.zeros(0))
    data = toy_strategies()
    fold = Fold(np.arange(10), np.arange(10, 14))
    other = Fold(np.arange(4, 14), np.arange(4))
    options = NetworkOptions(device="cpu")
    longer = NetworkOptions(epochs=options.epochs + 1, device="cpu")

    def place(data=data, fold=fold, options=options, seed=1):
        network_runs.run_networks(data, fold, ["deepgdel"], options, seed, tmp_path)
        return places[-1]

    assert place() == place(options=NetworkOptions(device="cpu"))
    different = [
        place(), place(options=longer), place(seed=2), place(fold=other), place(toy_strategies(1)),
    ]  # fmt: skip
    assert len(set(different)) == 5


def test_a_deletion_network_is_trained_by_one_run_at_a_time(tmp_path, monkeypatch):
    claimed = []

    def train(data, train, name, options, folder):
        # as another run would ask, from a file handle of its own
        with claim(folder / ".claim") as free:
            claimed.append(not free)
        return folder, network_runs.pd.DataFrame()

    monkeypatch.setattr(network_runs, "train_network", train)
    monkeypatch.setattr(network_runs, "predict_network", lambda *_: np.zeros(0))
    fold = Fold(np.arange(10), np.arange(10, 14))
    options = NetworkOptions(device="cpu")
    network_runs.run_networks(toy_strategies(), fold, ["deepgdel", "dnn"], options, 1, tmp_path)
    assert claimed == [True, True]
    assert not list(tmp_path.rglob(".claim"))


# -- downloads


def registry(server, sha256=""):  # noqa: F811
    """A registry of one table that the server gives as /table.tsv."""
    row = dataclasses.replace(
        collection("rhea")["rhea_ec"], url=server.url("/table.tsv"), records="2", sha256=sha256
    )
    return {"rhea_ec": row}


OLD, NEW = b"a\tb\n1\t2\n", b"a\tb\n1\t9\n"


def test_two_processes_fetch_a_file_once(tmp_path, server):  # noqa: F811
    def slow(_):
        time.sleep(0.5)
        return Reply(OLD)

    server.scripts["/table.tsv"] = [slow]
    arguments = DownloadOptions(tmp_path / "downloads"), registry(server)
    one, other = in_processes(fetch, arguments, arguments)
    assert one == other
    assert one[0].status == "fetched"
    assert len(server.requests) == 1
    left = [path.name for path in (tmp_path / "downloads/127.0.0.1").iterdir()]
    assert sorted(left) == ["table.tsv", "table.tsv.record.json"]


@pytest.fixture
def two_releases(tmp_path, server):  # noqa: F811
    """Options of two configurations with lock tables of two releases, in one folder."""
    configurations = {}
    for name, body in {"old": OLD, "new": NEW}.items():
        server.scripts["/table.tsv"] = [Reply(body)]
        folder = tmp_path / f"first-{name}"
        records = fetch_collection("rhea", DownloadOptions(folder), registry(server))
        write_records(records, tmp_path / f"{name}.lock.tsv")
        shared = DownloadOptions(tmp_path / "shared", lock=tmp_path / f"{name}.lock.tsv")
        assert fetch(shared, registry(server))[0].sha256 == records[0].sha256
        configurations[name] = shared
    server.requests.clear()
    server.scripts["/table.tsv"] = [Reply(b"a\tb\n1\tneither\n")]
    return configurations


def test_two_lock_tables_keep_their_files_in_one_folder(tmp_path, server, two_releases):  # noqa: F811
    for _ in range(2):
        for name, body in {"old": OLD, "new": NEW}.items():
            (record,) = fetch(two_releases[name], registry(server))
            write_records([record], tmp_path / f"{name}.tsv")
            assert (tmp_path / "shared" / record.file).read_bytes() == body
    assert server.requests == []
    # each reads its own release, whichever was wanted last
    for name, body in {"old": OLD, "new": NEW}.items():
        files = open_downloads(tmp_path / f"{name}.tsv", tmp_path / "shared")
        assert files.path("rhea_ec").read_bytes() == body
        assert files.path("rhea_ec").name == "table.tsv"
    # a link is no copy
    assert (tmp_path / "shared" / record.file).stat().st_nlink == 2


def test_a_folder_of_two_releases_is_a_mirror_of_both(tmp_path, server, two_releases):  # noqa: F811
    copied = tmp_path / "copied"
    shutil.copytree(tmp_path / "shared", copied)
    for name, body in {"old": OLD, "new": NEW}.items():
        cluster = DownloadOptions(
            tmp_path / f"cluster-{name}", mirror=str(copied), lock=two_releases[name].lock
        )
        (record,) = fetch(cluster, registry(server))
        assert (cluster.folder / record.file).read_bytes() == body
    # without the links it is a mirror of what was fetched last
    shutil.rmtree(copied / "by-sha256")
    plain = DownloadOptions(tmp_path / "plain", mirror=str(copied), lock=two_releases["new"].lock)
    assert fetch(plain, registry(server))[0].size == len(NEW)
    assert server.requests == []


def test_a_release_in_use_is_kept_when_another_comes(tmp_path, server, two_releases):  # noqa: F811
    # as in a folder that was filled before there were links
    shutil.rmtree(tmp_path / "shared/by-sha256")
    server.scripts["/table.tsv"] = [Reply(OLD)]
    (older,) = fetch(two_releases["old"], registry(server))
    assert (tmp_path / "shared" / older.file).read_bytes() == OLD
    (newer,) = fetch(two_releases["new"], registry(server))
    assert (tmp_path / "shared" / newer.file).read_bytes() == NEW
    assert len(server.requests) == 1


def test_a_download_that_another_user_began_is_ended(tmp_path, server, monkeypatch):  # noqa: F811
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(storage.os, "utime", refuse)
    date = {"Last-Modified": "Sat, 01 Mar 2025 00:00:00 GMT"}
    server.scripts["/table.tsv"] = [Reply(OLD, headers=date)]
    (record,) = fetch(DownloadOptions(tmp_path / "downloads"), registry(server))
    assert (tmp_path / "downloads" / record.file).read_bytes() == OLD


def test_a_kept_file_that_is_damaged_is_fetched_again(tmp_path, server, two_releases, caplog):  # noqa: F811
    (kept,) = (
        path for path in (tmp_path / "shared/by-sha256").glob("*/table.tsv")
        if path.read_bytes() == OLD
    )  # fmt: skip
    kept.write_bytes(b"a\tb\n1\t3\n")
    server.scripts["/table.tsv"] = [Reply(OLD)]
    (record,) = fetch(two_releases["old"], registry(server))
    assert len(server.requests) == 1
    assert "is damaged; fetching it again" in caplog.text
    assert kept.read_bytes() == (tmp_path / "shared" / record.file).read_bytes() == OLD


def test_a_file_system_without_links_is_good_enough(tmp_path, server, monkeypatch):  # noqa: F811
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(storage.os, "link", refuse)
    server.scripts["/table.tsv"] = [Reply(OLD)]
    options = DownloadOptions(tmp_path / "downloads")
    (record,) = fetch(options, registry(server))
    assert fetch(options, registry(server)) == [record]
    assert len(server.requests) == 1
    write_records([record], tmp_path / "manifest.tsv")
    path = open_downloads(tmp_path / "manifest.tsv", options.folder).path("rhea_ec")
    assert path == options.folder / record.file


def test_an_unpinned_file_that_was_deleted_is_fetched_in_its_newest_release(tmp_path, server):  # noqa: F811
    options = DownloadOptions(tmp_path / "downloads")
    server.scripts["/table.tsv"] = [Reply(OLD), Reply(NEW)]
    (record,) = fetch(options, registry(server))
    (options.folder / record.file).unlink()
    assert fetch(options, registry(server))[0].sha256 != record.sha256


def test_a_folder_that_lacks_the_files_is_told(tmp_path, server):  # noqa: F811
    server.scripts["/table.tsv"] = [Reply(OLD)]
    records = fetch(DownloadOptions(tmp_path / "downloads"), registry(server))
    write_records(records, tmp_path / "manifest.tsv")
    with pytest.raises(InputError, match=r"is missing.*set `downloads\.folder`"):
        open_downloads(tmp_path / "manifest.tsv", tmp_path / "elsewhere").path("rhea_ec")


# -- the places


def config(cache=None, folder=None):
    downloads = {"folder": folder, "lock": None, "retries": 5, "timeout": 60}
    return {"cache": cache, "downloads": downloads}


def test_a_place_in_the_config_counts_more_than_the_variable(monkeypatch):
    monkeypatch.delenv(CACHE_VARIABLE, raising=False)
    found = RunSettings.of(config())
    assert (found.cache, found.downloads["folder"]) == (".cache/gemwright", ".cache/downloads")
    monkeypatch.setenv(CACHE_VARIABLE, "/lab")
    found = RunSettings.of(config())
    assert (found.cache, found.downloads["folder"]) == ("/lab/gemwright", "/lab/downloads")
    found = RunSettings.of(config("mine", "files"))
    assert (found.cache, found.downloads["folder"]) == ("mine", "files")
    monkeypatch.setenv(CACHE_VARIABLE, "")
    assert RunSettings.of(config()).cache == ".cache/gemwright"


def test_jobs_get_the_settings_by_the_environment(monkeypatch):
    monkeypatch.setenv("GEMWRIGHT_RUN_SETTINGS", "")
    shared = RunSettings.of(config("a folder", None))
    shared.share()
    assert run_settings() == shared


def test_no_rule_depends_on_a_place():
    for path in (Path(__file__).parents[1] / "workflow/rules").glob("*.smk"):
        text = path.read_text()
        assert 'config["cache"]' not in text, path.name
        assert '["folder"]' not in text, path.name
