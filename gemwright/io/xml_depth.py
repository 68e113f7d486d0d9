"""XML that is safe to hand to a parser in C: neither nested without end, nor with entities."""

from pathlib import Path
from xml.parsers import expat

from gemwright.errors import InputError
from gemwright.io.compressed import content_of
from gemwright.io.limits import XML_DEPTH

_CURE = "write the file again with another program"


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
        declared (only there can entities be defined), or the file cannot be read.
    """
    where = str(path)
    parser = expat.ParserCreate()
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
        for chunk in content_of(path):
            parser.Parse(chunk, False)
    except expat.ExpatError:
        return  # told by the reader, which stops there as well
    except InputError:
        raise
    except (LookupError, ValueError) as error:
        what = f"its encoding is not read ({' '.join(str(error).split())[:100]})"
        raise InputError(where, what, "write it in UTF-8") from error
