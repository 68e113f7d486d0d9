"""YAML of others: neither nested without end, nor unfolding to more than memory holds."""

from pathlib import Path
from typing import Any

import yaml

from gemwright.errors import InputError
from gemwright.io.compressed import reading
from gemwright.io.documents import DocumentError
from gemwright.io.limits import DOCUMENT_DEPTH, DOCUMENT_NODES, YAML_BYTES


def read_yaml(path: str | Path) -> Any:
    """Read a YAML file with plain values.

    Parameters
    ----------
    path : str or Path
        UTF-8 text, gzipped or not. Aliases are followed as far as the limits allow.

    Returns
    -------
    object
        Mappings, lists and scalars.

    Raises
    ------
    InputError
        If the file is missing or no YAML, a mapping has a key twice, or it is nested more deeply,
        larger, or unfolds to more items than `gemwright.io.limits` allows.
    """
    if not Path(path).is_file():
        raise InputError(str(path), "there is no such file", "check the path")
    with reading(path) as handle:
        text = handle.read(YAML_BYTES + 1)
    if len(text) > YAML_BYTES:
        raise InputError(str(path), f"has more than {YAML_BYTES:,} letters", "give a smaller file")
    loader = None
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            return None
        _require_small(root)
        return loader.construct_document(root)
    except DocumentError as error:
        raise InputError(str(path), str(error), "write it plainly, without repetition") from error
    # ValueError: a number with thousands of digits, a date that is none
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        what = " ".join(str(error).split())[:300]
        raise InputError(str(path), f"it is not YAML ({what})", "give a YAML file") from error
    finally:
        if loader is not None:
            loader.dispose()


class _Loader(yaml.SafeLoader):
    """Safe loader that refuses depth while it reads, and keys that stand twice."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.depth += 1
        if self.depth > DOCUMENT_DEPTH:
            raise DocumentError(f"it is nested more than {DOCUMENT_DEPTH} deep")
        node = super().compose_node(parent, index)  # type: ignore[no-untyped-call]
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen = set()
        for key, _ in node.value:
            name = (key.tag, key.value) if isinstance(key, yaml.ScalarNode) else None
            if name in seen and key.value != "<<":
                raise DocumentError(
                    f"line {key.start_mark.line + 1}: the key {key.value[:100]!r} stands twice"
                )
            if name:
                seen.add(name)
        return super().construct_mapping(node, deep)


def _require_small(root: yaml.Node) -> None:
    """Refuse what unfolds, with every alias followed, to too many items or too deep."""
    sizes: dict[int, tuple[int, int]] = {}
    open_nodes: set[int] = set()
    waiting: list[tuple[Any, bool]] = [(root, False)]
    while waiting:
        node, seen = waiting.pop()
        if id(node) in sizes:
            continue
        children = _children(node)
        if not seen:
            if id(node) in open_nodes:
                raise DocumentError("it holds an alias of what the alias stands in")
            open_nodes.add(id(node))
            waiting.append((node, True))
            waiting += [(child, False) for child in children]
            continue
        open_nodes.discard(id(node))
        parts = [sizes[id(child)] for child in children]
        size = 1 + sum(size for size, _ in parts)
        depth = 1 + max((depth for _, depth in parts), default=0)
        if size > DOCUMENT_NODES:
            raise DocumentError(f"its aliases unfold to more than {DOCUMENT_NODES:,} items")
        if depth > DOCUMENT_DEPTH:
            raise DocumentError(f"it is nested more than {DOCUMENT_DEPTH} deep")
        sizes[id(node)] = size, depth


def _children(node: Any) -> list[Any]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
