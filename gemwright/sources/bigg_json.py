"""Models of BiGG as JSON, in the layout of cobra."""

import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from gemwright.errors import FETCH_AGAIN, InputError
from gemwright.io.compressed import reading
from gemwright.io.documents import DocumentError, load_json
from gemwright.sources.bigg_annotations import annotation_pairs
from gemwright.sources.bigg_raw import LAYOUT_CURE, RawModel


def read_json(path: str | Path) -> RawModel:
    """Read a model as JSON, gzipped or not.

    Raises
    ------
    InputError
        If it is no JSON, is cut off, lacks a key, or has a value of the wrong type.
    """
    where = str(path)
    raw = RawModel()

    def unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        raw.counts["repeated_key"] += len(pairs) - len(made)
        return made

    with reading(path) as handle:
        try:
            content = load_json(handle, unique_keys)
        except DocumentError as error:
            raise InputError(where, str(error), FETCH_AGAIN) from error
    parts: dict[str, list[object]] = {
        key: list(_get(content, key, (list,), where, ...))  # type: ignore[call-overload]
        for key in ("reactions", "metabolites", "genes")
    }
    raw.identifier = _text(content, "id", where)
    for kind, key in (("species", "metabolites"), ("reaction", "reactions"), ("gene", "genes")):
        annotations = raw.annotations[kind]
        for name, item, spot in _once(parts[key], kind, where, raw.repeated[kind]):
            assert isinstance(item, dict)  # `_identity` read its id
            if kind == "species":
                raw.species.append(
                    (
                        name,
                        _text(item, "compartment", spot),
                        _text(item, "name", spot),
                        _text(item, "formula", spot).strip(),
                        _charge(item, spot, raw.counts),
                    )
                )
            elif kind == "reaction":
                raw.reactions.append(
                    (
                        name,
                        _text(item, "name", spot),
                        _number(item, "lower_bound", spot),
                        _number(item, "upper_bound", spot),
                        _text(item, "subsystem", spot),
                        _text(item, "gene_reaction_rule", spot).strip(),
                        _number(item, "objective_coefficient", spot, 0.0),
                    )
                )
                metabolites = _get(item, "metabolites", (dict,), spot, ...)
                for species in metabolites:  # type: ignore[attr-defined]
                    coefficient = _number(metabolites, species, spot)
                    raw.stoichiometry.append((name, species, coefficient))
            else:
                raw.genes.append((name, _text(item, "name", spot)))
            annotations += [
                (name, *pair) for pair in annotation_pairs(item.get("annotation"), spot, raw.counts)
            ]
    return raw


def _get(record: object, key: str, kinds: tuple[type, ...], where: str, default: object) -> object:
    """Value of a key, checked; `default` if it is missing or null, an error if that is Ellipsis."""
    if not isinstance(record, dict):
        raise InputError(where, f"is {type(record).__name__}, not an object with keys", LAYOUT_CURE)
    value = record.get(key)
    if value is None:
        if default is ...:
            raise InputError(where, f"the key {key!r} is missing", LAYOUT_CURE)
        return default
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise InputError(
            where,
            f"the key {key!r} is {type(value).__name__},"
            f" not {' or '.join(kind.__name__ for kind in kinds)}",
            LAYOUT_CURE,
        )
    return value


def _text(record: object, key: str, where: str, default: object = "") -> str:
    return str(_get(record, key, (str,), where, default))


def _number(record: object, key: str, where: str, default: object = ...) -> float:
    try:
        value = float(_get(record, key, (int, float), where, default))  # type: ignore[arg-type]
    except OverflowError:  # a whole number of hundreds of digits
        value = math.nan
    if math.isnan(value):
        raise InputError(where, f"the key {key!r} is no number", LAYOUT_CURE)
    return value


def _identity(record: object, where: str) -> str:
    name = _text(record, "id", where, ...)
    if not name or name != name.strip() or any(letter.isspace() for letter in name):
        raise InputError(where, f"the id {name!r} is empty or holds white space", LAYOUT_CURE)
    return name


def _once(
    items: list[object], kind: str, where: str, repeated: list[str]
) -> Iterable[tuple[str, object, str]]:
    seen: set[str] = set()
    for number, item in enumerate(items):
        name = _identity(item, f"{where}, {kind} number {number + 1}")
        if name in seen:
            repeated.append(name)
            continue
        seen.add(name)
        yield name, item, f"{where}, {kind} {name!r}"


def _charge(record: object, where: str, counts: Counter[str]) -> int | None:
    value = _get(record, "charge", (int, float), where, None)
    if value is None:
        return None
    number = _number(record, "charge", where)
    if not number.is_integer():
        counts["odd_charge"] += 1
        return None
    return int(number)
