"""Settings of a run that no result depends on: where caches lie, how downloads are made.

They reach the jobs by the environment and not as parameters of rules, because a changed parameter
reruns a rule: a cache that was moved must not cost a training.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

CACHE_VARIABLE = "GEMWRIGHT_CACHE"
"""Environment variable: folder of all caches that the configuration gives no place of their own."""

_DEFAULT_CACHE = ".cache"
_VARIABLE = "GEMWRIGHT_RUN_SETTINGS"


@dataclass(frozen=True)
class RunSettings:
    """Settings that jobs need and results do not depend on.

    Attributes
    ----------
    cache : str
        Folder of vectors and of trainings on their way.
    downloads : dict
        ``folder`` of the fetched files, ``lock``, ``retries`` and ``timeout``; see
        `gemwright.download.collections.DownloadOptions`.
    mirror : str or None
        Where files are taken from, with the user and password that its address may hold: as a
        parameter of a rule they would stand in Snakemake's records.
    """

    cache: str
    downloads: dict[str, Any]
    mirror: str | None = None

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "RunSettings":
        """Take them from a configuration: a place that it names counts more than the variable."""
        root = Path(os.environ.get(CACHE_VARIABLE) or _DEFAULT_CACHE)
        downloads = config["downloads"]
        folder = downloads["folder"] or root / "downloads"
        return cls(
            cache=str(Path(config["cache"] or root / "gemwright").expanduser()),
            downloads={
                "folder": str(Path(folder).expanduser()),
                **{key: downloads[key] for key in ("lock", "retries", "timeout")},
            },
            mirror=config.get("mirror"),
        )

    def share(self) -> None:
        """Put the settings into the environment, for the jobs that this process starts."""
        os.environ[_VARIABLE] = json.dumps(asdict(self))


def run_settings() -> RunSettings:
    """Return the settings that `RunSettings.share` put into the environment of this job."""
    return RunSettings(**json.loads(os.environ[_VARIABLE]))
