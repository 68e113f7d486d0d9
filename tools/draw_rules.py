"""Write the rule graph into docs/rules.md (`make rulegraph`), or check it with ``--check``."""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from gemwright.io.files import write_text

PROJECT = Path(__file__).parents[1]
DOCUMENT = PROJECT / "docs/rules.md"
_BLOCK = re.compile(r"(<!-- rulegraph -->\n```mermaid\n).*?(```\n<!-- /rulegraph -->)", re.DOTALL)


def rule_graph() -> str:
    """Rule graph of the demo as Mermaid text; sorted, because Snakemake's order is not fixed."""
    command = [sys.executable, "-m", "snakemake", "--rulegraph", "mermaid-js", "--forceall", "demo"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    names = dict(re.findall(r"^\s*(id\d+)\[(\w+)", done.stdout, re.MULTILINE))
    arrows = re.findall(r"^\s*(id\d+) --> (id\d+)", done.stdout, re.MULTILINE)
    lines = sorted(f"    {names[start]} --> {names[end]}" for start, end in arrows)
    return "\n".join(["flowchart TB", *lines]) + "\n"


def main() -> int:
    """Update or check the block; exit code 1 if a check fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare, change nothing")
    check = parser.parse_args().check
    text = DOCUMENT.read_text()
    updated = _BLOCK.sub(lambda m: m[1] + rule_graph() + m[2], text)
    if updated == text:
        return 0
    if check:
        print("docs/rules.md shows an old rule graph: run 'make rulegraph'")
        return 1
    write_text(DOCUMENT, updated)
    return 0


if __name__ == "__main__":
    sys.exit(main())
