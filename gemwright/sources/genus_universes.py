"""Curated universes that fit the genera of the BiGG models."""

#: Genus to one of `bigg_snapshot.UNIVERSES`. Gram stain as in Bergey's Manual; mycobacteria are
#: acid-fast, without an outer membrane of lipopolysaccharides, and nearest to the gram-positive;
#: Thermotoga's outer sheath is no such membrane either, but it stains gram-negative.
GENUS_UNIVERSES = {
    "Acinetobacter": "gramneg",
    "Bacillus": "grampos",
    "Clostridioides": "grampos",
    "Clostridium": "grampos",
    "Escherichia": "gramneg",
    "Geobacter": "gramneg",
    "Helicobacter": "gramneg",
    "Klebsiella": "gramneg",
    "Lactococcus": "grampos",
    "Methanosarcina": "archaea",
    "Mycobacterium": "grampos",
    "Pseudomonas": "gramneg",
    "Salmonella": "gramneg",
    "Shigella": "gramneg",
    "Staphylococcus": "grampos",
    "Synechococcus": "cyanobacteria",
    "Synechocystis": "cyanobacteria",
    "Thermotoga": "gramneg",
    "Yersinia": "gramneg",
}
