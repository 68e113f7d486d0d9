"""Whole collections from the mirror of real files, over HTTP and from a folder."""

import csv
import dataclasses
import hashlib
import json
import re
import socket

import pytest
import yaml
from mirror import MIRROR, needs_mirror
from misbehaving_server import FolderServer, Reply, loopback_only, server  # noqa: F401
from project_copy import copy_project, succeeded
from small_project import run

from gemwright.download import fetching
from gemwright.download.collections import DownloadOptions, plan_collection
from gemwright.download.fetching import fetch_collection
from gemwright.download.records import (
    merge_records,
    open_downloads,
    read_records,
    write_records,
)
from gemwright.errors import InputError
from gemwright.io.compressed import open_content
from gemwright.io.tables import write_delimited
from gemwright.io.user_tables import read_delimited
from gemwright.sources.registry import collection

ORDER = (
    "bigg", "rhea", "uniprot", "chebi", "metanetx", "deepgdel", "rekindle", "kegg", "metnetcomp",
)  # fmt: skip
MODELS = ("e_coli_core", "iMM904", "iML1515")


def fetch_all(folder, mirror, **changes):
    """Fetch every collection; the targets of MetNetComp come from DeepGDel, as in a real run."""
    options = DownloadOptions(
        folder=folder,
        mirror=str(mirror),
        agree_kegg_terms=True,
        bigg_models=tuple(
            sorted(path.stem for path in (MIRROR / "bigg.ucsd.edu/static/models").glob("*.json"))
        ),
        bigg_sbml=("iML1515",),
        kegg_genes=dict.fromkeys(MODELS, ()),
        metnetcomp_strategies=("e_coli_core&succ_e",),
        **changes,
    )
    records = {}
    for name in ORDER:
        if name == "metnetcomp":
            options = dataclasses.replace(options, metnetcomp_targets=targets(folder, records))
        records[name] = fetch_collection(name, options)
        write_records(records[name], folder.with_name(folder.name + "-manifests") / f"{name}.tsv")
    return records, options


def targets(folder, records):
    found = {}
    for record in records["deepgdel"]:
        if record.dataset.endswith("_targets"):
            table = read_delimited(folder / record.file, ["Metabolite"], ",")
            found[record.dataset.removeprefix("deepgdel_").removesuffix("_targets")] = tuple(
                table["Metabolite"]
            )
    return found


def hashes(records):
    return {
        (one.dataset, one.item): (one.status, one.sha256, one.size, one.records, one.release)
        for name in ORDER
        for one in records[name]
    }


@needs_mirror
def test_every_collection_from_a_mirror_on_the_web_and_from_folders(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(fetching, "_told", set())
    with FolderServer(MIRROR) as web:
        records, options = fetch_all(tmp_path / "web", web.url)
        asked = len(web.paths)
        again, _ = fetch_all(tmp_path / "web", web.url)
        assert len(web.paths) == asked
    assert again == records
    with open(MIRROR / "MANIFEST.tsv", encoding="utf-8") as handle:
        manifest = {row["path"]: row for row in csv.DictReader(handle, delimiter="\t")}
    fetched = 0
    for name in ORDER:
        plan = {file.key: file for file in plan_collection(name, options)}
        assert [one.key for one in records[name]] == list(plan)
        for one in records[name]:
            place = next((path for path in plan[one.key].paths if path in manifest), None)
            assert (one.status == "fetched") == (place is not None)
            if place is not None:
                fetched += 1
                assert one.sha256 == manifest[place]["sha256"]
                assert one.size == (MIRROR / place).stat().st_size
                assert one.origin == web.url
    of_no_host = {path for path in manifest if path.startswith("derived/")}
    assert fetched == len(manifest) - len(of_no_host) - 1  # and a second table of EC numbers
    assert [one.dataset for name in ORDER for one in records[name] if one.status == "absent"] == [
        "bigg_universe_json", "rhea_protonation",
        "chebi_compounds", "chebi_secondary_ids", "chebi_relations",
        "chebi_relation_types",
    ]  # fmt: skip
    counts = {}
    for one in records["metnetcomp"]:
        key = one.dataset, one.item.partition("&")[0]
        counts[key] = counts.get(key, 0) + 1
    assert counts == {
        ("metnetcomp_core", "e_coli_core"): 41,
        ("metnetcomp_core", "iMM904"): 105,
        ("metnetcomp_core", "iML1515"): 443,
        ("metnetcomp_strategies", "e_coli_core"): 1,
    }
    assert [one.records for one in records["kegg"]] == [137, 905, 1516]
    assert records["uniprot"][0].records == 55_262
    printed = capsys.readouterr().err
    assert printed.count("licence of rhea: CC-BY-4.0 (Rhea)") == 1
    # no progress bar where nobody watches
    assert all(line.startswith("licence of ") for line in printed.splitlines())
    assert printed.count("licence of kegg: KEGG: academic use only") == 1

    # no connection at all from here on
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a connection was made"))
    from_folder, _ = fetch_all(tmp_path / "folder", MIRROR)
    assert hashes(from_folder) == hashes(records)
    # a finished downloads folder is itself a mirror, for a cluster without internet
    from_downloads, _ = fetch_all(tmp_path / "cluster", tmp_path / "web")
    assert hashes(from_downloads) == hashes(records)
    # and its own mirror
    in_place, _ = fetch_all(tmp_path / "web", tmp_path / "web")
    assert [r for n in ORDER for r in in_place[n] if r.status == "fetched"] == [
        r for n in ORDER for r in records[n] if r.status == "fetched"
    ]

    manifests = [tmp_path / "web-manifests" / f"{name}.tsv" for name in ORDER]
    lock = merge_records(manifests)
    assert len(lock) == fetched + 6
    assert not lock.duplicated(["dataset", "item"]).any()
    assert len(merge_records(manifests * 2)) == len(lock)
    write_delimited(lock, tmp_path / "lock.tsv")
    assert [one.key for one in read_records(tmp_path / "lock.tsv")] == [
        one.key for name in ORDER for one in records[name]
    ]
    locked, _ = fetch_all(tmp_path / "locked", MIRROR, lock=tmp_path / "lock.tsv")
    assert hashes(locked) == hashes(records)

    downloads = open_downloads(manifests[1], tmp_path / "web")
    with open_content(downloads.path("rhea_uniprot")) as content:
        assert content.readline().startswith(b"RHEA_ID\t")
    assert not downloads.has("rhea_protonation")
    models = open_downloads(manifests[0], tmp_path / "web")
    assert len(models.items("bigg_model_json")) == 21
    assert json.loads(models.path("bigg_model_json", "e_coli_core").read_bytes())["id"]


def tables(server, body=b"a\tb\n1\t2\n", **changes):  # noqa: F811
    """A registry of one table that the server gives as /table.tsv."""
    row = dataclasses.replace(
        collection("rhea")["rhea_ec"], url=server.url("/table.tsv"), records="2", **changes
    )
    server.scripts["/table.tsv"] = [
        Reply(body, headers={"Last-Modified": "Wed, 01 Jul 2026 00:00:00 GMT"})
    ]
    return {"rhea_ec": row}


def test_kegg_needs_agreement_before_any_request(tmp_path, server):  # noqa: F811
    row = dataclasses.replace(
        collection("kegg")["kegg_sequences"], url=server.url("/get/{genes}/aaseq")
    )
    options = DownloadOptions(tmp_path, kegg_genes={"m": ("eco:b0002",)})
    with pytest.raises(InputError, match="agree_kegg_terms"):
        fetch_collection("kegg", options, {"kegg_sequences": row})
    assert server.requests == []


def test_a_file_is_fetched_once_and_again_when_it_was_altered(tmp_path, server):  # noqa: F811
    datasets = tables(server)
    options = DownloadOptions(tmp_path)
    (first,) = fetch_collection("rhea", options, datasets)
    assert (first.release, first.records, first.size) == ("2026-07-01", 2, 8)
    assert first.sha256 == hashlib.sha256(b"a\tb\n1\t2\n").hexdigest()
    assert first.origin == "live"
    assert fetch_collection("rhea", options, datasets) == [first]
    assert len(server.requests) == 1
    (tmp_path / first.file).write_bytes(b"a\tb\n1\t3\n")
    (again,) = fetch_collection("rhea", options, datasets)
    assert again.sha256 == first.sha256
    assert len(server.requests) == 2


def test_a_mirrored_file_is_not_taken_for_a_live_one(tmp_path, server):  # noqa: F811
    datasets = tables(server)
    mirrored = tmp_path / "mirror/127.0.0.1/table.tsv"
    mirrored.parent.mkdir(parents=True)
    mirrored.write_bytes(b"old\tone\n1\t2\n")
    options = DownloadOptions(tmp_path / "downloads", mirror=str(tmp_path / "mirror"))
    (stand_in,) = fetch_collection("rhea", options, datasets)
    assert stand_in.origin == str(tmp_path / "mirror")
    assert server.requests == []
    (live,) = fetch_collection("rhea", dataclasses.replace(options, mirror=None), datasets)
    assert live.origin == "live"
    assert live.sha256 != stand_in.sha256


def test_a_lock_table_refuses_what_changed_upstream(tmp_path, server):  # noqa: F811
    datasets = tables(server)
    records = fetch_collection("rhea", DownloadOptions(tmp_path / "one"), datasets)
    write_records(records, tmp_path / "lock.tsv")
    options = DownloadOptions(tmp_path / "two", lock=tmp_path / "lock.tsv")
    assert fetch_collection("rhea", options, datasets)[0].sha256 == records[0].sha256
    server.scripts["/table.tsv"] = [Reply(b"a\tb\n1\t9\n")]
    options = dataclasses.replace(options, folder=tmp_path / "three")
    with pytest.raises(InputError, match=f"since the lock of {records[0].date}") as told:
        fetch_collection("rhea", options, datasets)
    assert records[0].sha256 in str(told.value)
    assert not list((tmp_path / "three/127.0.0.1").glob("table*"))
    moved = {"rhea_ec": dataclasses.replace(datasets["rhea_ec"], url=server.url("/new.tsv"))}
    with pytest.raises(InputError, match="not in the lock table"):
        fetch_collection("rhea", options, moved)


def test_a_lock_table_brings_back_the_old_file(tmp_path, server):  # noqa: F811
    datasets = tables(server)
    old = fetch_collection("rhea", DownloadOptions(tmp_path / "one"), datasets)
    write_records(old, tmp_path / "lock.tsv")
    server.scripts["/table.tsv"] = [Reply(b"a\tb\n1\t9\n"), Reply(b"a\tb\n1\t2\n")]
    options = DownloadOptions(tmp_path / "two")
    (new,) = fetch_collection("rhea", options, datasets)
    assert new.sha256 != old[0].sha256
    options = dataclasses.replace(options, lock=tmp_path / "lock.tsv")
    assert fetch_collection("rhea", options, datasets)[0].sha256 == old[0].sha256


def test_a_release_lives_on_in_a_mirror(tmp_path, server):  # noqa: F811
    datasets = tables(server)
    server.scripts["/table.tsv"][0].headers["X-UniProt-Release"] = "2026_03"
    (live,) = fetch_collection("rhea", DownloadOptions(tmp_path / "one"), datasets)
    options = DownloadOptions(tmp_path / "two", mirror=str(tmp_path / "one"))
    (mirrored,) = fetch_collection("rhea", options, datasets)
    assert live.release == mirrored.release == "2026_03"
    assert len(server.requests) == 1


def test_other_genes_make_another_file(tmp_path, server):  # noqa: F811
    row = dataclasses.replace(
        collection("kegg")["kegg_sequences"], url=server.url("/get/{genes}/aaseq")
    )
    for genes in ("a", "a+b"):
        body = "".join(f">{gene}\nMK\n" for gene in genes.split("+"))
        server.scripts[f"/get/{genes}/aaseq"] = [Reply(body.encode())]
    for genes, count in (("a", 1), ("a", 1), ("a+b", 2)):
        options = DownloadOptions(
            tmp_path, agree_kegg_terms=True, kegg_genes={"m": tuple(genes.split("+"))}
        )
        (record,) = fetch_collection("kegg", options, {"kegg_sequences": row})
        assert record.records == count
        assert record.file == "rest.kegg.jp/aaseq/m.fasta"
        assert record.url.endswith("/get/{genes}/aaseq")
    assert [request.path for request in server.requests] == ["/get/a/aaseq", "/get/a+b/aaseq"]


def test_absence_is_recorded_if_optional_and_told_if_required(
    tmp_path,
    server,  # noqa: F811
    caplog,
):
    datasets = tables(server, need="optional")
    server.scripts.clear()
    options = DownloadOptions(tmp_path, mirror=server.url("/files"))
    (record,) = fetch_collection("rhea", options, datasets)
    assert (record.status, record.file, record.sha256) == ("absent", "", "")
    assert "optional, and not in the origin" in caplog.text
    assert [request.path for request in server.requests] == [
        "/files/127.0.0.1/table.tsv", "/files/127.0.0.1/table.tsv.gz",
    ]  # fmt: skip
    caplog.clear()
    assert fetch_collection("rhea", options, datasets) == [record]
    assert len(server.requests) == 2
    assert "delete" in caplog.text
    assert "to ask again" in caplog.text
    with pytest.raises(InputError, match=r"table\.tsv, http.*table\.tsv\.gz"):
        fetch_collection("rhea", options, tables(server, need="required"))


def test_a_mirror_that_redirects_elsewhere_is_refused(tmp_path, server):  # noqa: F811
    datasets = tables(server)
    server.scripts["/files/127.0.0.1/table.tsv"] = [
        Reply(status=302, headers={"Location": "http://live.example.org/table.tsv"})
    ]
    options = DownloadOptions(tmp_path, mirror=server.url("/files"))
    with pytest.raises(InputError, match=r"live\.example\.org"):
        fetch_collection("rhea", options, datasets)


def test_a_password_of_a_mirror_is_used_and_never_written(tmp_path, server, caplog):  # noqa: F811
    datasets = tables(server)
    server.scripts["/files/127.0.0.1/table.tsv"] = [Reply(b"", 503), Reply(b"a\n1\n")]
    mirror = server.url("/files").replace("http://", "http://me:s3cret@")
    client_options = DownloadOptions(tmp_path, mirror=mirror)
    monkey = fetching.Client
    try:
        fetching.Client = lambda *a, **k: monkey(*a, **k, sleep=lambda _: None)
        (record,) = fetch_collection("rhea", client_options, datasets)
    finally:
        fetching.Client = monkey
    assert server.requests[-1].headers["Authorization"].startswith("Basic ")
    assert record.origin == server.url("/files")
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"s3cret" not in written
    assert "s3cret" not in caplog.text
    assert "503" in caplog.text


@pytest.mark.parametrize(
    "mirror",
    [
        "ftp://me:s3cret@host/files",
        "no/such/folder",
        "me:s3cret@host/files",
        "https://",
        "http://me:s3cret@[::1/files",
        "http://me:s3cret@host:99999/",
        "http://host/?key=s3cret",
        "HTTP://me:s3cret@/files",
        "http://me:s3cret@?x",
        "http://me:s3@cret@:1/",
        "http://me:s3cret/s3cret@host/files",
    ],
)  # fmt: skip
def test_an_impossible_mirror_is_told(tmp_path, mirror):
    with pytest.raises(InputError, match="mirror") as told:
        fetch_collection("rhea", DownloadOptions(tmp_path, mirror=mirror))
    assert "cret" not in str(told.value)


@pytest.mark.e2e
def test_a_password_of_a_mirror_stands_in_no_record_of_snakemake(tmp_path, server):  # noqa: F811
    folder = copy_project(tmp_path / "project")
    registry = folder / "gemwright/resources/datasets.tsv"
    head, *rows = registry.read_text().splitlines()
    # of the collection only one file, which may be any table
    columns = head.split("\t")
    kept = [row for row in rows if "\trekindle\t" not in row]
    first = next(row for row in rows if "\trekindle\t" in row)
    row = dict(zip(columns, first.split("\t"), strict=True))
    row |= {"url": "https://live.example.org/table.csv", "sha256": "", "records": "1"}
    registry.write_text("\n".join([head, *kept, "\t".join(row.values()), ""]))
    server.scripts["/files/live.example.org/table.csv"] = [Reply(b"a,b\n1,2\n")]
    target = "results/downloads/rekindle.tsv"
    told = ""
    for user in ("me:s3cret", "me:an0ther"):
        mirror = server.url("/files").replace("http://", f"http://{user}@")
        (folder / "mine.yaml").write_text(yaml.safe_dump({"mirror": mirror, "sources": "live"}))
        done = run(folder, target, configfiles=["mine.yaml"])
        succeeded(done)
        told += done.stdout + done.stderr
    # another password fetches nothing again
    assert "Nothing to be done" in told
    assert server.requests[0].headers["Authorization"].startswith("Basic ")
    (folder / "mine.yaml").write_text("mirror: elsewhere\nsources: live\n")
    told += run(folder, target, "--dry-run", configfiles=["mine.yaml"]).stdout
    assert "download_source" in told
    assert "s3cret" not in told
    assert "an0ther" not in told
    for place in (".snakemake", ".cache", "results", "logs"):
        for path in (folder / place).rglob("*"):
            assert not path.is_file() or not re.search(rb"s3cret|an0ther", path.read_bytes()), path


@pytest.mark.parametrize("model", ["../../etc/passwd", "a/b", "", "x?y"])
def test_a_name_cannot_leave_its_folder(tmp_path, model):
    with pytest.raises(InputError, match="cannot be part of an address"):
        fetch_collection("bigg", DownloadOptions(tmp_path, bigg_models=(model,)))


def test_opened_downloads_are_verified(tmp_path, server):  # noqa: F811
    (record,) = fetch_collection("rhea", DownloadOptions(tmp_path), tables(server))
    write_records([record], tmp_path / "manifest.tsv")
    path = open_downloads(tmp_path / "manifest.tsv", tmp_path).path("rhea_ec")
    assert path.read_bytes() == b"a\tb\n1\t2\n"
    (tmp_path / record.file).write_bytes(b"a\tb\n1\t3\n")
    with pytest.raises(InputError, match=r"not the file that was fetched.*run again"):
        open_downloads(tmp_path / "manifest.tsv", tmp_path).path("rhea_ec")
    (tmp_path / record.file).unlink()
    with pytest.raises(InputError, match=r"is missing.*downloads\.folder"):
        open_downloads(tmp_path / "manifest.tsv", tmp_path).path("rhea_ec")
    with pytest.raises(InputError, match="rhea_kegg was not fetched"):
        open_downloads(tmp_path / "manifest.tsv", tmp_path).path("rhea_kegg")


def test_manifests_that_differ_are_not_merged(tmp_path, server):  # noqa: F811
    (record,) = fetch_collection("rhea", DownloadOptions(tmp_path), tables(server))
    write_records([record], tmp_path / "a.tsv")
    write_records([dataclasses.replace(record, sha256="0" * 64)], tmp_path / "b.tsv")
    with pytest.raises(InputError, match="differs"):
        merge_records([tmp_path / "a.tsv", tmp_path / "b.tsv"])
