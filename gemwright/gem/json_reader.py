"""Models in the JSON of cobra, which BiGG and Escher use too."""

import math
from collections.abc import Iterable, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import pandas as pd

from gemwright.errors import InputError
from gemwright.gem.gpr import parse_rules
from gemwright.gem.model import (
    ALL_SPECIES_NAMESPACES,
    FOREIGN_NAMESPACES,
    REACTION_NAMESPACES,
    MetabolicModel,
)
from gemwright.gem.sbml_document import UNREADABLE, open_model
from gemwright.gem.sbml_numbers import DEFAULT_BOUND, checked_bounds
from gemwright.gem.species import compartment_apart, of_foreign_species
from gemwright.io.documents import DocumentError, load_json

_CURE = "write the model with cobra: cobra.io.save_json_model(model, 'model.json')"
_MISSING = object()


def read_json(path: str | Path) -> MetabolicModel:
    """Read a model.

    Parameters
    ----------
    path : str or Path
        JSON as cobra writes it, packed by gzip, bzip2 or xz or not.

    Raises
    ------
    InputError
        If it cannot be opened, is no such JSON, lacks an id, defines one twice, has a number that
        is none or a rule that is none, or has no reaction or no species.
    """
    where = str(path)
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            twice.append(next(name for name in names if names.count(name) > 1))
        return made

    try:
        with open_model(path) as handle:
            content = load_json(TextIOWrapper(handle, encoding="utf-8-sig"), once)
    except DocumentError as error:
        raise InputError(where, str(error), _CURE) from error
    except UNREADABLE as error:
        raise InputError(where, f"is cut off or no text ({error})", "check the file") from error
    if twice:
        raise InputError(where, f"the key {twice[0]!r} is given twice", "remove one of the two")
    if not isinstance(content, dict) or not {"reactions", "metabolites"} <= content.keys():
        raise InputError(
            where, "is JSON without 'reactions' and 'metabolites', no model of cobra", _CURE
        )
    species = pd.DataFrame(
        [_species(name, item, spot) for name, item, spot in _items(content, "metabolites", where)],
        columns=[
            "species", "metabolite", "compartment", "name", "formula", "charge",
            *ALL_SPECIES_NAMESPACES, "bigg",
        ],
    )  # fmt: skip
    species = of_foreign_species(species, FOREIGN_NAMESPACES)
    if not (species["bigg"].ne("") & species["bigg"].ne(species["metabolite"])).any():
        species = species.drop(columns="bigg")
    known = set(species["species"])
    rows, stoichiometry, texts, terms = [], [], {}, {}
    for name, item, spot in _items(content, "reactions", where):
        bounds = checked_bounds(
            _number(item, "lower_bound", spot, 0.0, infinite=True),
            _number(item, "upper_bound", spot, DEFAULT_BOUND, infinite=True),
            spot,
        )
        notes = _entries(item, REACTION_NAMESPACES.values())
        rows.append((name, _text(item, "name", spot), *bounds, *notes))
        sides = _get(item, "metabolites", dict, spot, {})
        for metabolite in sides:
            if metabolite not in known:
                raise InputError(
                    spot,
                    f"the species {metabolite!r} is not in the list of species",
                    "add it to the list, or correct the reaction",
                )
            stoichiometry.append((name, metabolite, _number(sides, metabolite, spot)))
        texts[name] = _text(item, "gene_reaction_rule", spot)
        weight = _number(item, "objective_coefficient", spot, 0.0)
        if weight:
            terms[name] = weight
    if not rows or species.empty:
        raise InputError(where, f"has no {'species' if rows else 'reaction'}", "give a whole model")
    if not stoichiometry:
        raise InputError(where, "has no reaction that names a species", "give a whole model")
    try:
        rules = parse_rules(texts)
    except InputError as error:
        raise InputError(f"{where}, {error.where}", error.what, error.cure) from error
    named = _items(content, "genes", where) if "genes" in content else ()
    gene_names = {name: label for name, item, spot in named if (label := _text(item, "name", spot))}
    return MetabolicModel(
        _text(content, "id", where) or Path(path).name.partition(".")[0] or "model",
        species.astype({"charge": "Int64"}),
        pd.DataFrame(
            rows, columns=["reaction", "name", "lower_bound", "upper_bound", *REACTION_NAMESPACES]
        ),
        pd.DataFrame(stoichiometry, columns=["reaction", "species", "coefficient"]),
        "",
        rules,
        {name: label for name, label in gene_names.items() if label != name},
    ).with_objective(terms, minimise=False)


def _species(name: str, item: Mapping[str, Any], spot: str) -> tuple[Any, ...]:
    compartment = _text(item, "compartment", spot)
    charge = None
    if item.get("charge") is not None:
        value = _number(item, "charge", spot)
        if not value.is_integer():
            raise InputError(spot, f"its charge {value:g} is no whole number", "correct it")
        charge = int(value)
    return (
        name,
        compartment_apart(name, compartment),
        compartment,
        _text(item, "name", spot),
        _text(item, "formula", spot).strip(),
        charge,
        *_entries(item, ALL_SPECIES_NAMESPACES.values()),
        *_entries(item, ["bigg.metabolite"]),
    )


def _get(record: Mapping[str, Any], key: str, kind: type, spot: str, default: Any) -> Any:
    value = record.get(key)
    if value is None and default is not _MISSING:
        return default
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InputError(spot, f"the key {key!r} is missing or of another type", _CURE)
    return value


def _text(record: Mapping[str, Any], key: str, spot: str) -> str:
    return str(_get(record, key, str, spot, ""))


def _number(
    record: Mapping[str, Any],
    key: str,
    spot: str,
    default: float | object = _MISSING,
    *,
    infinite: bool = False,
) -> float:
    value = record.get(key)
    if infinite and isinstance(value, str) and value.lower() in ("inf", "-inf"):
        value = float(value)  # cobra writes infinite bounds as text
    if value is None and isinstance(default, float):
        return default
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(spot, f"{key!r} is no number", "correct it")
    try:
        number = float(value)
    except OverflowError:
        number = math.nan
    if math.isnan(number) or (math.isinf(number) and not infinite):
        raise InputError(spot, f"{key!r} is no number", "correct it")
    return number


def _items(
    content: Mapping[str, Any], key: str, where: str
) -> Iterable[tuple[str, Mapping[str, Any], str]]:
    seen: set[str] = set()
    for place, item in enumerate(_get(content, key, list, where, _MISSING), start=1):
        name = item.get("id") if isinstance(item, dict) else None
        if not isinstance(name, str) or not name:
            raise InputError(f"{where}, {key} number {place}", "has no id", _CURE)
        if name in seen:
            raise InputError(where, f"{name!r} of {key} is defined twice", "remove one of the two")
        seen.add(name)
        yield name, item, f"{where}, {key} {name!r}"


def _entries(item: Mapping[str, Any], namespaces: Iterable[str]) -> list[str]:
    notes = item.get("annotation")
    pairs = notes.items() if isinstance(notes, dict) else _pairs(notes)
    found: dict[str, set[str]] = {}
    for namespace, entry in pairs:
        entries = entry if isinstance(entry, list) else [entry]
        found.setdefault(str(namespace), set()).update(
            text for text in entries if isinstance(text, str) and text
        )
    return [";".join(sorted(found.get(name, ()))) for name in namespaces]


def _pairs(notes: Any) -> Iterable[tuple[Any, Any]]:
    """Pairs of namespace and address, as BiGG has them."""
    for pair in notes if isinstance(notes, list) else ():
        if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], str):
            _, _, rest = pair[1].partition("identifiers.org/")
            namespace, _, identifier = rest.partition("/")
            yield namespace, identifier
