"""The workflow's configuration: checked against its schema, errors told for people."""

import difflib
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator

MIN_CDHIT_IDENTITY = 0.4
_FLUX_KEYS = {"directions", "bounds", "growth_fraction", "minimum_flux", "unused"}
_SAMPLED_KEYS = {
    *("energies", "concentrations", "energy_window", "concentration_spread"),
    *("irreversible", "seed"),
}
# what an entry of kinetics.physiologies may hold beside its source
_PHYSIOLOGY_KEYS = {
    "gem": {*_FLUX_KEYS, "fluxes", *_SAMPLED_KEYS},
    "rekindle": set[str](),
    "model": {"steady_state"},
}


def unfit_settings(config: Mapping[str, Any]) -> list[str]:
    """Tell settings that are valid one by one and do not fit together.

    Parameters
    ----------
    config : mapping
        A configuration without problems of `config_problems`; missing keys are passed over.
    """
    problems = []
    sources = config.get("sources")
    route = config.get("interactions", {}).get("route", "embedded")
    if sources != "live" and route != "embedded":
        problems.append(
            f"config: interactions.route is {route!r}, which needs the databases;"
            " set 'sources: live', or use '--configfile config/live.yaml'"
        )
    if sources != "live" and config.get("mirror"):
        problems.append(
            "config: a mirror is set and the sources are 'embedded', which fetch nothing;"
            " set 'sources: live', or leave the mirror out"
        )
    for name, split in config.get("splits", {}).items():
        if split.get("method") == "cdhit" and split.get("identity", 1) < MIN_CDHIT_IDENTITY:
            problems.append(
                f"config: splits.{name}: CD-HIT stops at an identity of {MIN_CDHIT_IDENTITY};"
                " set 'method: components'"
            )
    return problems + _unfit_strain_settings(config) + _unfit_kinetic_settings(config)


def _unfit_strain_settings(config: Mapping[str, Any]) -> list[str]:
    strains = config.get("strain_design", {})
    learned = config.get("deepgdel", {})
    known = strains.get("sources", {})
    problems = []
    if config.get("sources") != "live":
        live = [f"strain_design.sources.{gem}" for gem in known if known[gem] == "bigg"]
        if strains.get("strategies") == "deepgdel":
            live.append("strain_design.strategies")
        problems += [
            f"config: {key} needs the databases; set 'sources: live', or use"
            " '--configfile config/paper.yaml'"
            for key in live
        ]
    named = [("deepgdel.models", gem) for gem in learned.get("models", [])]
    for key in ("targets", "own_strategies"):
        named += [(f"strain_design.{key}", gem) for gem in strains.get(key, {})]
    problems += [
        f"config: {key} names {gem!r}, and strain_design.sources has no such model;"
        f" add it there (there are: {', '.join(known)})"
        for key, gem in named
        if gem not in known
    ]
    folds = learned.get("folds", 0)
    problems += [
        f"config: deepgdel.network_folds names fold {fold}, and there are {folds}, from 0;"
        f" name folds up to {folds - 1}"
        for fold in learned.get("network_folds") or []
        if fold >= folds
    ]
    problems += [
        f"config: deepgdel.network_seeds names {seed}, which is not one of deepgdel.seeds;"
        " add it there"
        for seed in learned.get("network_seeds") or []
        if seed not in learned.get("seeds", [])
    ]
    if learned.get("network_seeds") and learned["seeds"][0] not in learned["network_seeds"]:
        problems.append(
            f"config: deepgdel.network_seeds lacks {learned['seeds'][0]}, the seed whose strategies"
            " are judged by flux balance analysis; add it there"
        )
    return problems


def _unfit_kinetic_settings(config: Mapping[str, Any]) -> list[str]:
    defined = config.get("kinetics", {}).get("physiologies", {})
    settings = config.get("rekindle", {})
    known = config.get("strain_design", {}).get("sources", {})
    problems = [
        f"config: rekindle.physiologies names {name!r}, and kinetics.physiologies has no such"
        f" entry; add it there (there are: {', '.join(defined)})"
        for name in settings.get("physiologies", [])
        if name not in defined
    ]
    for name in settings.get("physiologies", []):
        definition = defined.get(name, {})
        if "gem" in definition and definition["gem"] not in known:
            problems.append(
                f"config: kinetics.physiologies.{name} names the model {definition['gem']!r}, and"
                f" strain_design.sources has no such model; add it there (there are:"
                f" {', '.join(known)})"
            )
        source = next((key for key in _PHYSIOLOGY_KEYS if key in definition), "gem")
        used = {source, *_PHYSIOLOGY_KEYS[source]}
        if "fluxes" in definition:
            used -= _FLUX_KEYS
        problems += [
            f"config: kinetics.physiologies.{name}: {key!r} is not used with"
            f" {'fluxes' if source == 'gem' else source!r}; leave it out"
            for key in definition
            if key not in used
        ]
        if "rekindle" in definition and config.get("sources") != "live":
            problems.append(
                f"config: kinetics.physiologies.{name} needs the authors' files; set"
                " 'sources: live', or use '--configfile config/paper.yaml'"
            )
    pairs = [
        ("kinetics.saturation_bounds", config.get("kinetics", {}).get("saturation_bounds")),
        ("rekindle.time_window", settings.get("time_window")),
    ]
    limits = settings.get("perturbation", {})
    if not limits.get("low", 0.5) < 1 < limits.get("high", 2.0):
        problems.append(
            f"config: rekindle.perturbation goes from {limits['low']} to {limits['high']} reference"
            " concentrations; give a 'low' below 1 and a 'high' above 1"
        )
    return problems + [
        f"config: {key} is {pair[0]} to {pair[1]}; give the lower number first"
        for key, pair in pairs
        if pair and pair[0] >= pair[1]
    ]


def config_problems(config: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    """Tell every violation of the schema in one line each, with the cure.

    Parameters
    ----------
    config : mapping
        The configuration.
    schema : mapping
        JSON schema (draft 2020-12).

    Returns
    -------
    list of str
        One message a problem, empty if there is none.
    """
    problems = []
    errors = Draft202012Validator(schema).iter_errors(config)
    for error in sorted(errors, key=lambda item: [str(part) for part in item.absolute_path]):
        spot = ".".join(str(part) for part in error.absolute_path)
        if error.validator == "additionalProperties":
            known = list(error.schema["properties"])
            for key in sorted(set(error.instance) - set(known)):
                close = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(known)}"
                problems.append(f"config: unknown key {f'{spot}.{key}'.lstrip('.')!r}; {hint}")
        else:
            problems.append(f"config: {spot or 'top level'}: {error.message}; see config/README.md")
    return problems
