"""What the classes of the configuration's sections have in common: strict types, told errors."""

import difflib
import functools
import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar, dataclass_transform

import pydantic.dataclasses
from pydantic import AfterValidator, ConfigDict, Field, Strict, ValidationError

from gemwright.errors import InputError

T = TypeVar("T")
Count = Annotated[int, Field(ge=1)]
Natural = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Dropout = Annotated[float, Field(ge=0, lt=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
# YAML has lists only; what they hold is checked as strictly as anything else
Listed = Annotated[tuple[T, ...], Strict(False)]
Some = Annotated[tuple[T, ...], Strict(False), Field(min_length=1)]
Pair = Annotated[tuple[T, T], Strict(False)]
STRICT = ConfigDict(strict=True, extra="forbid", regex_engine="python-re")
_WANTED = {
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys to values",
    "dataclass_type": "a mapping of keys to values",
}


def _distinct(values: tuple[T, ...]) -> tuple[T, ...]:
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"names {value!r} twice")
    return values


Distinct = Annotated[
    tuple[T, ...],
    Strict(False),
    Field(min_length=1, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_distinct),
]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Section:
    """Options that cannot be changed; every subclass is a frozen dataclass that pydantic checks.

    Attributes
    ----------
    not_keys : tuple of str
        Options that only callers of the library set; the configuration does not know them.
    complete : bool
        Whether a configuration has to hold every key, as ``config.yaml`` does.

    Raises
    ------
    InputError
        If an option is unknown or its value is none that it can have.
    """

    not_keys: ClassVar[tuple[str, ...]] = ()
    complete: ClassVar[bool] = True
    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, Any]]

    def __init_subclass__(cls) -> None:
        """Turn the subclass into a dataclass whose bad values are told as an InputError."""
        pydantic.dataclasses.dataclass(frozen=True, config=STRICT)(cls)
        plain = cls.__init__

        @functools.wraps(plain)
        def checked(self: Section, *args: Any, **values: Any) -> None:
            try:
                plain(self, *args, **values)
            except ValidationError as found:
                error = found.errors(include_url=False)[0]
                name = ".".join(map(str, error["loc"]))
                what, cure = tell(error), "see config/README.md"
                if error["type"] == "unexpected_keyword_argument":
                    what, cure = "is not known", close_to(name, cls.__dataclass_fields__)
                raise InputError(f"option {name!r} of {cls.__name__}", what, cure) from None

        cls.__init__ = checked  # type: ignore[assignment, method-assign]


def tell(error: Mapping[str, Any]) -> str:
    """Tell in words what pydantic found.

    Parameters
    ----------
    error : mapping
        One of `pydantic.ValidationError.errors`.
    """
    value = textwrap.shorten(repr(error["input"]), 80, placeholder=" ...")
    if error["type"] in _WANTED:
        return f"{value} should be {_WANTED[error['type']]}"
    if error["type"] == "missing":
        return f"{value} lacks a value"
    # by a function: in a text a backslash of the value would be an escape
    message = re.sub(r"^(Input|String|Tuple|Value error,)", lambda _: value, error["msg"])
    return message.replace("after validation, not", "and has")


def close_to(name: str, known: Iterable[str], what: str = "keys", otherwise: str = "") -> str:
    """Cure of an unknown name: the known one that is close to it, or else all, or `otherwise`."""
    known = list(known)
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return otherwise or f"known {what}: {', '.join(known)}"
