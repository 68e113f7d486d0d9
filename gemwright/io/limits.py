"""How deep, how large and how long a file of others may be, before one message refuses it.

The limits are far above what real files have, so that nobody meets them but with a damaged or
hostile file; each is told in the message of the reader that keeps it.
"""

#: Levels of nesting in XML: a sum of MathML that is written in pairs nests once a term.
XML_DEPTH = 1_000

#: Levels of nesting in the XML of a genome-scale model: above `RULE_DEPTH`, for rules nest there.
MODEL_DEPTH = 10_000

#: Bytes of a genome-scale model in SBML, unpacked: those of human cells have less than 100 MB.
MODEL_BYTES = 512 << 20

#: Tags of a model in SBML, opening and closing ones, some 80 bytes of memory each; the universe of
#: BiGG has 1.1 million.
MODEL_TAGS = 8_000_000

#: Bytes of one comment or tag of XML: a parser that is fed in pieces begins it anew with each.
XML_TOKEN = 16 << 20

#: Bytes that a gzipped file that is read as a whole may unpack to.
UNPACKED_BYTES = 4 << 30

#: Levels of nesting in YAML, aliases followed; models have fewer than ten.
DOCUMENT_DEPTH = 100

#: Items of a YAML file, aliases followed.
DOCUMENT_NODES = 2_000_000

#: Levels of AND and OR in a gene rule: those of curated models have fewer than ten.
RULE_DEPTH = 5_000

#: Nodes that a formula of SBML may have after its function definitions are put in.
FORMULA_NODES = 20_000

#: Letters of a YAML file: a kinetic model of a whole genome has some 5 MB.
YAML_BYTES = 32 << 20

#: Letters of a JSON file: the universe of BiGG has 30 MB.
JSON_BYTES = 512 << 20

#: Bytes of a line of text in a download: drawn molecules of ChEBI have some 100 kB.
LINE_BYTES = 32 << 20

#: Bytes that one table may have, unpacked.
TABLE_BYTES = 64 << 20

#: Digits of a whole number; Python refuses more than 4,300, and 64 bits hold 18.
NUMBER_DIGITS = 18

#: Bytes that all tables of an archive may unpack to; the largest known has 5,431,623.
ARCHIVE_BYTES = 256 << 20

#: Cells of the tables of an archive, 100 bytes of memory each; the largest known has 1,344,062.
ARCHIVE_CELLS = 4_000_000

#: Numbers of all parameter sets in an HDF5 file; 8 bytes each.
HDF5_VALUES = 50_000_000

#: Bytes of memory that the HDF5 library may take for a file, above those of its numbers.
HDF5_MEMORY = 4 << 30

#: CPU seconds that the HDF5 library, in a process of its own, may take for a file.
HDF5_SECONDS = 20.0

#: Bytes of a FASTA or GenBank file when unpacked; a proteome has some 2 MB, wheat's 60 MB, and the
#: GenBank file of a bacterium 30 MB.
SEQUENCE_BYTES = 128 << 20

#: Bases of a genome whose genes are called: the largest known of a bacterium has 16 million.
GENOME_BASES = 64_000_000

#: Characters of a name of a sequence.
IDENTIFIER_LENGTH = 1_000
