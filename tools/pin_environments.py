"""Set the pip pins in ``envs/*.yaml`` to the versions of ``requirements.lock`` (`make lock`)."""

import re
from pathlib import Path

from gemwright.io.files import write_text

PROJECT = Path(__file__).parents[1]
_PIN = re.compile(r"^(\s+- )([A-Za-z0-9._-]+)==\S+$", re.MULTILINE)


def normalise(name: str) -> str:
    """Name of a distribution as the package index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked_versions() -> dict[str, str]:
    """Distribution to version, from the lock."""
    lines = (PROJECT / "requirements.lock").read_text().splitlines()
    pins = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    return {normalise(name): version for name, version in pins}


def main() -> None:
    """Rewrite the pins of every environment file."""
    versions = locked_versions()
    for path in sorted((PROJECT / "envs").glob("*.yaml")):
        text = path.read_text()
        pinned = _PIN.sub(lambda m: f"{m[1]}{m[2]}=={versions[normalise(m[2])]}", text)
        if pinned != text:
            write_text(path, pinned)


if __name__ == "__main__":
    main()
