"""An SBML file of any dialect, unpacked and parsed, its elements called as in level 3 version 1."""

import gc
import lzma
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast
from xml.etree import ElementTree

from gemwright.errors import InputError
from gemwright.io.unpacking import PACKED
from gemwright.io.xml_depth import parse_within_limits

CORE = "{http://www.sbml.org/sbml/level3/version1/core}"
FBC = "{http://www.sbml.org/sbml/level3/version1/fbc/version2}"
_CORE_OF_OTHERS = re.compile(
    r"\{http://www\.sbml\.org/sbml/level(?P<level>\d+)(?:/version(?P<version>\d+))?(?:/core)?\}"
)
_FBC_OF_OTHERS = re.compile(
    r"\{http://www\.sbml\.org/sbml/level3/version\d+/fbc/version(?P<version>\d+)\}"
)
_SUBMODEL = re.compile(r"\{http://www\.sbml\.org/sbml/level3/version\d+/comp/.*\}submodel")
CONVERT = "convert it with cobra: cobra.io.save_json_model(model, 'model.json')"
_FOREIGN = (
    (b"MATLAB 5.0", "is a MATLAB file", f"{CONVERT} after cobra.io.load_matlab_model"),
    (b"\x89HDF", "is an HDF5 or MATLAB 7.3 file", f"{CONVERT} after cobra.io.load_matlab_model"),
    (b"PK\x03\x04", "is a zip archive", "unpack it and give the model inside"),
    (b"!!omap", "is a YAML file", f"{CONVERT} after cobra.io.load_yaml_model"),
    (b"---", "is a YAML file", f"{CONVERT} after cobra.io.load_yaml_model"),
)
#: What reading a damaged file through `open_model` may raise.
UNREADABLE = (OSError, EOFError, zlib.error, lzma.LZMAError, UnicodeError)


@dataclass(frozen=True)
class SbmlDocument:
    """A parsed file.

    Attributes
    ----------
    model : xml.etree.ElementTree.Element
        The ``<model>``; the names of its elements and attributes begin with `CORE` and `FBC`
        whatever the file's level and versions are.
    level : int
        2 or 3.
    fbc : int
        Version of the flux balance constraints package; 0 without it.
    """

    model: ElementTree.Element
    level: int
    fbc: int


def open_model(path: str | Path) -> IO[bytes]:
    """Open the bytes of a model, unpacked if its first bytes are those of gzip, bzip2 or xz.

    Raises
    ------
    InputError
        If the file cannot be opened, or is of a format that has to be converted.
    """
    try:
        with open(path, "rb") as handle:
            start = handle.read(10)
        for magic, (_, opener) in PACKED.items():
            if start.startswith(magic):
                return cast(IO[bytes], opener(path, "rb"))
        for magic, what, cure in _FOREIGN:
            if start.startswith(magic):
                raise InputError(str(path), what, cure)
        return open(path, "rb")
    except OSError as error:
        raise InputError(
            str(path), f"cannot be opened ({error.strerror or error})", "check the path"
        ) from error


def read_document(path: str | Path) -> SbmlDocument:
    """Parse a file of SBML level 2 or 3, with fbc of any version or without.

    Raises
    ------
    InputError
        If the file is missing, is cut off, is no SBML, of level 1, made of submodels, or goes
        over a limit of `gemwright.io.limits`.
    """
    where = str(path)
    collecting = gc.isenabled()
    # the collector walks the growing tree over and over, which takes more than half of the time
    gc.disable()
    try:
        with open_model(path) as handle:
            root = parse_within_limits(handle, where)
    except (*UNREADABLE, ElementTree.ParseError, LookupError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            where, f"is cut off or no readable SBML ({error})", "check the file"
        ) from error
    finally:
        if collecting:
            gc.enable()
    named = _CORE_OF_OTHERS.fullmatch(root.tag.removesuffix("sbml"))
    if named is None or not root.tag.endswith("}sbml"):
        tag = root.tag.rpartition("}")[2][:40]
        raise InputError(
            where,
            f"is not SBML level 3 or 2: it begins with <{tag}>",
            "give a model in SBML or JSON",
        )
    level = int(named["level"])
    if level not in (2, 3):
        raise InputError(where, f"is not SBML level 3 or 2, but {level}", CONVERT)
    fbc = _one_dialect(root, named.group(), where)
    model = root.find(f"{CORE}model")
    if model is None:
        raise InputError(where, "is SBML without a model", "check the file")
    return SbmlDocument(model, level, fbc)


def _one_dialect(root: ElementTree.Element, core: str, where: str) -> int:
    """Call elements and attributes as in level 3 version 1 with fbc 2; return fbc's version."""
    tags = {item.tag for item in root.iter() if isinstance(item.tag, str)}
    names: set[str] = set()
    for item in root.iter():
        names.update(item.attrib)
    if any(_SUBMODEL.fullmatch(tag) for tag in tags):
        raise InputError(
            where,
            "is made of submodels (comp), which are not put together here",
            "flatten it, for example with libSBML's converter",
        )
    versions = {
        found.group(): int(found["version"])
        for name in names | tags
        if (found := _FBC_OF_OTHERS.match(name))
    }
    renamed = {space: FBC for space in versions if space != FBC}
    if core != CORE:
        renamed[core] = CORE
    for item in root.iter() if renamed else ():
        if isinstance(item.tag, str):
            space, closed, name = item.tag.partition("}")
            item.tag = f"{renamed.get(space + closed, space + closed)}{name}"
        for key in [key for key in item.attrib if key.startswith("{")]:
            space, closed, name = key.partition("}")
            if space + closed in renamed:
                item.set(f"{renamed[space + closed]}{name}", item.attrib.pop(key))
    return max(versions.values(), default=0)
