"""Parsers of the public databases' files, of archives, tensors and kinetic models."""

from harness import Target

from gemwright.sources.chebi import read_chebi

CHEBI = b"""chebi_id\tsmiles\tinchikey\tsource
CHEBI:15377\tO\tXLYOFNOQVPJJNP-UHFFFAOYSA-N\tChEBI
CHEBI:15378\t[H+]\t\tChEBI
16236\tCCO\tLFQSCWFLJHTTHZ-UHFFFAOYSA-N\tChEBI
"""
CHEBI_LIVE = b'''id\tcompound_id\tmolfile\tsmiles\tstandard_inchi_key\tdefault_structure
1\t15377\t"line 1\nline ""2"""\tO\tXLYOFNOQVPJJNP-UHFFFAOYSA-N\ttrue
2\t16236\t"x"\tCCO |c:1|\tLFQSCWFLJHTTHZ-UHFFFAOYSA-N\tfalse
'''

TARGETS = [
    Target(
        "chebi structures",
        ".tsv",
        lambda: [CHEBI, CHEBI_LIVE],
        lambda path: read_chebi(path, checked=True),
    ),
]
