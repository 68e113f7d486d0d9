"""The workflow's configuration checked as a whole, and its errors told for people."""

import difflib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from gemwright.config.names import BRACES
from gemwright.config.physiologies import KINDS, FluxOptions, source_of
from gemwright.config.section import Section, close_to, tell
from gemwright.config.whole import Config
from gemwright.errors import InputError
from gemwright.io.plugins import check, is_own

MIN_CDHIT_IDENTITY = 0.4
_HELP = "see config/README.md"
# keys that gave way to another, by section
_MOVED = {
    ("reconstruction", "max_uptake"): "medium.max_uptake",
    ("variants", "max_uptake"): "medium.max_uptake",
    ("reconstruction", "enzymes"): "reconstruction.method",
    ("variants", "enzymes"): "method",
    ("validation", "max_uptake"): "medium.max_uptake",
}
_PASSWORD = re.compile(r"//[^/?#\s]*@")
Spot = tuple[str | int, ...]


def config_problems(
    config: Mapping[str, Any], names: Mapping[str, Collection[str]] | None = None
) -> list[str]:
    """Tell every key that is unknown or missing and every bad value, a line each, with the cure.

    Parameters
    ----------
    config : mapping
        The configuration.
    names : mapping of str to collection of str, optional
        Key, with dots and ``*`` for any key, to the names that a registry knows for it; besides
        them it may be ``file.py:Name`` of the user's.

    Returns
    -------
    list of str
        One message a problem, empty if there is none.
    """
    problems = {
        spot: f"{_dotted(spot)}: {told}; {_HELP}" for spot, told in _bad_values(config).items()
    }
    for spot, kinds, value in sections(Config, config):
        known = [key for kind in kinds for key in keys(kind)]
        for key in value.keys() ^ set(known):
            name = repr(_dotted((*spot, key)))
            if key in value:
                moved = _MOVED.get((str(spot[0]), str(key))) if spot else None
                cure = f"it is {moved!r} now" if moved else close_to(str(key), known)
                problems[*spot, key] = f"unknown key {name}; {cure}"
            elif kinds[0].complete:
                problems[*spot, key] = f"{name} is missing; {_HELP}"
    for spot, text in _texts(config):
        if not isinstance(text, str):
            problems[spot] = f"{_dotted(spot)}: {text!r} is no text; put the name in quotes"
        elif "{" in text or "}" in text:
            cure = "rename what it stands for without them"
            problems.setdefault(spot, f"{_dotted(spot)}: {text!r} {BRACES}; {cure}")
    if problems:
        told = [f"config: {problems[spot]}" for spot in sorted(problems, key=_dotted)]
        return [_PASSWORD.sub("//", problem) for problem in told]
    return list(_unknown_names(config, names or {}))


def _texts(value: Any, spot: Spot = ()) -> Iterator[tuple[Spot, Any]]:
    """Every text among the values, every name that is none, and where they stand."""
    if isinstance(value, str):
        yield spot, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                yield (*spot, key), key
            yield from _texts(item, (*spot, key))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _texts(item, (*spot, number))


def keys(kind: type[Section]) -> dict[str, Any]:
    """Keys that the configuration has of a class, and their types."""
    hints = get_type_hints(kind)
    names = [item.name for item in fields(kind)]
    return {name: hints[name] for name in names if name not in kind.not_keys}


def sections(
    hint: Any, value: Any, spot: Spot = ()
) -> Iterator[tuple[Spot, list[type[Section]], Mapping[str, Any]]]:
    """Find every section in a value of the configuration, sections within sections too.

    Parameters
    ----------
    hint : type
        What the value should be.
    value
        Of whatever type it is.
    spot : tuple
        Keys that lead there.

    Yields
    ------
    spot : tuple
        Keys that lead to a section.
    kinds : list of type
        Its class, or those of which it may be one.
    value : mapping
        What the configuration says.
    """
    if not isinstance(value, Mapping):
        return
    kinds = [kind for kind in (hint, *get_args(hint)) if _is_section(kind)]
    inner: Mapping[str, Any] = {}
    if getattr(hint, "__origin__", None) is dict:
        kinds, inner = [], dict.fromkeys(value, get_args(hint)[1])
    elif kinds:
        yield spot, kinds, value
        inner = keys(kinds[0])
    for key in inner.keys() & value.keys():
        yield from sections(inner[key], value[key], (*spot, key))


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Section)


def _dotted(spot: Spot) -> str:
    return ".".join(map(str, spot))


def _bad_values(config: Mapping[str, Any]) -> dict[Spot, str]:
    try:
        # as JSON, which has lists and mappings where the classes have tuples and classes
        TypeAdapter(Config).validate_json(json.dumps(config, default=str))
    except ValidationError as found:
        problems = {}
        for error in found.errors(include_url=False):
            spot = tuple(part for part in error["loc"] if part != "[key]")
            if spot[:2] == ("kinetics", "physiologies"):
                spot = (*spot[:3], *spot[4:])  # without the kind of physiology
            told = error["type"] == "missing" and isinstance(spot[-1], str)
            if not told and error["type"] != "unexpected_keyword_argument":
                problems[spot] = tell(error)
        # a list also counts as too short without its bad items
        outer = {spot[:-1] for spot in problems}
        return {spot: told for spot, told in problems.items() if spot not in outer}
    return {}


def _unknown_names(
    config: Mapping[str, Any], names: Mapping[str, Collection[str]]
) -> Iterator[str]:
    for key, known in names.items():
        for spot, name in _named(config, key.split(".")):
            if is_own(name):
                try:
                    check(name)
                except InputError as error:
                    yield f"config: {spot}: {error}"
            elif name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                cure = [f"did you mean {close[0]!r}?"] if close else []
                cure += [f"known names: {', '.join(known)};" if known else ""]
                cure += ["or write 'file.py:Name' of yours"]
                yield f"config: {spot}: {name!r} is not known; {' '.join(filter(None, cure))}"


def _named(value: Any, keys: Sequence[str], spot: str = "") -> Iterator[tuple[str, str]]:
    """Names at a key, which has ``*`` for any; of a mapping, its keys; and where each is."""
    if keys and isinstance(value, Mapping):
        for key in value if keys[0] == "*" else keys[:1]:
            yield from _named(value.get(key), keys[1:], f"{spot}.{key}".lstrip("."))
    elif value is not None:
        yield from ((spot, name) for name in (value if isinstance(value, Mapping) else [value]))


def unfit_settings(config: Mapping[str, Any]) -> list[str]:
    """Tell settings that are valid one by one and do not fit together.

    Parameters
    ----------
    config : mapping
        A configuration without problems of `config_problems`; missing keys are passed over.
    """
    told = [*_unfit_data(config), *_unfit_strains(config), *_unfit_kinetics(config)]
    told += _unfit_variants(config)
    if config.get("sources") != "live":
        told += _live_settings(config)
    return [f"config: {problem}" for problem in told]


def _live_settings(config: Mapping[str, Any]) -> Iterator[str]:
    """Find what needs the databases, which are not asked."""
    use = "set 'sources: live', or use '--configfile config/{}.yaml'"
    route = config.get("interactions", {}).get("route", "embedded")
    if route != "embedded":
        yield f"interactions.route is {route!r}, which needs the databases; {use.format('live')}"
    if config.get("mirror"):
        yield (
            "a mirror is set and the sources are 'embedded', which fetch nothing;"
            " set 'sources: live', or leave the mirror out"
        )
    strains = config.get("strain_design", {})
    named = strains.get("sources", {})
    live = [f"strain_design.sources.{gem}" for gem in named if named[gem] == "bigg"]
    if strains.get("strategies") == "deepgdel":
        live.append("strain_design.strategies")
    for key in live:
        yield f"{key} needs the databases; {use.format('paper')}"
    for name, definition in _used_physiologies(config).items():
        if "rekindle" in definition:
            spot = f"kinetics.physiologies.{name}"
            yield f"{spot} needs the authors' files; {use.format('paper')}"


def _used_physiologies(config: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    defined = config.get("kinetics", {}).get("physiologies", {})
    used = config.get("rekindle", {}).get("physiologies", [])
    return {name: defined[name] for name in used if name in defined}


def _unfit_data(config: Mapping[str, Any]) -> Iterator[str]:
    for name, split in config.get("splits", {}).items():
        if split.get("method") == "cdhit" and split.get("identity", 1) < MIN_CDHIT_IDENTITY:
            yield (
                f"splits.{name}: CD-HIT stops at an identity of {MIN_CDHIT_IDENTITY};"
                " set 'method: components'"
            )
        if not split.get("validation_fraction", 1):
            yield (
                f"splits.{name}: nothing stops a training without a validation part;"
                " give a 'validation_fraction' above 0"
            )


def _unfit_variants(config: Mapping[str, Any]) -> Iterator[str]:
    method = config.get("reconstruction", {}).get("method")
    changes = config.get("variants", {}).get(method, {})
    if changes.keys() - {"method"} or changes.get("method", method) != method:
        yield (
            f"variants.{method}: that is how the tables call the models of"
            " 'reconstruction.method'; give the variant another name"
        )


def _unfit_strains(config: Mapping[str, Any]) -> Iterator[str]:
    strains, learned = config.get("strain_design", {}), config.get("deepgdel", {})
    named = {
        "deepgdel.models": learned.get("models", []),
        "strain_design.targets": strains.get("targets", []),
        "strain_design.own_strategies": strains.get("own_strategies", []),
    }
    for key, gems in named.items():
        yield from _lacking(key, gems, "strain_design.sources", strains.get("sources", {}))
    folds = learned.get("folds", 0)
    for fold in learned.get("network_folds") or []:
        if fold >= folds:
            yield (
                f"deepgdel.network_folds names fold {fold}, and there are {folds}, from 0;"
                f" name folds up to {folds - 1}"
            )
    seeds, trained = learned.get("seeds", []), learned.get("network_seeds") or []
    for seed in trained:
        if seed not in seeds:
            yield f"deepgdel.network_seeds names {seed}, which is not one of deepgdel.seeds; add it"
    if trained and seeds[0] not in trained:
        yield (
            f"deepgdel.network_seeds lacks {seeds[0]}, the seed whose strategies are judged by flux"
            " balance analysis; add it there"
        )


def _lacking(key: str, names: Iterable[str], where: str, known: Collection[str]) -> Iterator[str]:
    there = ", ".join(known)
    for name in names:
        if name not in known:
            yield f"{key} names {name!r}, which {where} lacks; add it there (there are: {there})"


def _unfit_kinetics(config: Mapping[str, Any]) -> Iterator[str]:
    kinetics, settings = config.get("kinetics", {}), config.get("rekindle", {})
    defined, spot = kinetics.get("physiologies", {}), "kinetics.physiologies"
    yield from _lacking("rekindle.physiologies", settings.get("physiologies", []), spot, defined)
    gems = config.get("strain_design", {}).get("sources", {})
    for name, definition in _used_physiologies(config).items():
        named = [definition["gem"]] if "gem" in definition else []
        yield from _lacking(f"{spot}.{name}", named, "strain_design.sources", gems)
    for name, definition in defined.items():
        source = source_of(definition) or "gem"
        unused = {key: source for key in definition if key not in keys(KINDS[source])}
        if definition.get("fluxes"):
            unused |= {key: "fluxes" for key in definition if key in keys(FluxOptions)}
        for key, other in unused.items():
            yield f"{spot}.{name}: {key!r} is not used with {other!r}; leave it out"
    limits = settings.get("perturbation", {})
    if not limits.get("low", 0.5) < 1 < limits.get("high", 2.0):
        yield (
            f"rekindle.perturbation goes from {limits['low']} to {limits['high']} reference"
            " concentrations; give a 'low' below 1 and a 'high' above 1"
        )
    for key, section in (
        ("kinetics.saturation_bounds", kinetics),
        ("rekindle.time_window", settings),
    ):
        low, high = section.get(key.rpartition(".")[2], (0, 1))
        if low >= high:
            yield f"{key} is {low} to {high}; give the lower number first"
