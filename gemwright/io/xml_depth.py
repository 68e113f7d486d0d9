"""XML that is safe to hand to a parser in C: neither nested without end, nor with entities."""

from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from gemwright.errors import InputError
from gemwright.io.compressed import content_of
from gemwright.io.limits import MODEL_BYTES, MODEL_DEPTH, MODEL_TAGS, XML_DEPTH, XML_TOKEN

_CURE = "write the file again with another program"
_PIECE = 1 << 20


class _Size:
    """Counts bytes and tags of a model, and refuses more than `gemwright.io.limits` has."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.size = self.tags = 0

    def count(self, piece: bytes) -> None:
        self.size += len(piece)
        self.tags += piece.count(b"<")
        for number, most, what in (
            (self.size, MODEL_BYTES, "bytes"),
            (self.tags, MODEL_TAGS, "tags"),
        ):
            if number > most:
                raise InputError(
                    self.where, f"unpacks to more than {most:,} {what}", "give a smaller model"
                )


def require_plain_xml(path: str | Path) -> None:
    """Refuse XML that could overflow a parser's stack or unfold without end, reading it once.

    Parameters
    ----------
    path : str or Path
        The file, gzipped or not. What is not well-formed is left to the reader to tell.

    Raises
    ------
    InputError
        If elements are nested more than `gemwright.io.limits.XML_DEPTH` deep, a document type is
        declared (only there can entities be defined), a comment or tag is longer than `XML_TOKEN`,
        the whole is more than `MODEL_BYTES` or `MODEL_TAGS`, or the file cannot be read.
    """
    where = str(path)
    parser = expat.ParserCreate()
    seen = _Size(where)
    depth = 0

    def start(name: str, attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > XML_DEPTH:
            raise InputError(
                f"{where}, line {parser.CurrentLineNumber}",
                f"elements are nested more than {XML_DEPTH:,} deep",
                _CURE,
            )

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(*_: object) -> None:
        raise InputError(
            f"{where}, line {parser.CurrentLineNumber}", "it declares a document type", _CURE
        )

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = declared
    try:
        for piece in content_of(path):
            seen.count(piece)
            parser.Parse(piece, False)
            # what is unfinished is read from its start again with the next piece
            if seen.size - parser.CurrentByteIndex > XML_TOKEN:
                raise InputError(
                    f"{where}, line {parser.CurrentLineNumber}",
                    f"a comment or tag is longer than {XML_TOKEN:,} bytes",
                    _CURE,
                )
    except expat.ExpatError:
        return  # told by the reader, which stops there as well
    except InputError:
        raise
    except (LookupError, ValueError) as error:
        what = f"its encoding is not read ({' '.join(str(error).split())[:100]})"
        raise InputError(where, what, "write it in UTF-8") from error


def parse_within_limits(handle: IO[bytes], where: str) -> ElementTree.Element:
    """Parse the XML of a genome-scale model, and stop where it would swell.

    Parameters
    ----------
    handle : file
        Open for reading, unpacked; read twice, for a tree is made of what is known to be small.
    where : str
        The file, for messages.

    Returns
    -------
    xml.etree.ElementTree.Element
        The root.

    Raises
    ------
    InputError
        If it has more bytes, tags or levels than `gemwright.io.limits` allows a model.
    xml.etree.ElementTree.ParseError
        If it is not well-formed; further errors as those of reading `handle`.
    """
    seen = _Size(where)
    while piece := handle.read(_PIECE):
        seen.count(piece)
    handle.seek(0)
    parser, size = ElementTree.XMLParser(), 0
    # pieces grow with what is read: expat begins an unfinished comment anew with each piece
    while piece := handle.read(max(_PIECE, size // 4)):
        size += len(piece)
        parser.feed(piece)
    root: ElementTree.Element = parser.close()
    depth, level = 0, [root]
    while level:
        depth += 1
        if depth > MODEL_DEPTH:
            raise InputError(where, f"elements are nested more than {MODEL_DEPTH:,} deep", _CURE)
        level = [child for element in level for child in element]
    return root
