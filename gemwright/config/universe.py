"""The section ``universe``: what the universes of reconstruction are made of."""

from gemwright.config.section import Listed, Section

#: Models whose reactions are added, unless others are named.
UNIVERSE_MODELS = ("iML1515", "iYO844")


class UniverseOptions(Section):
    """From a curated universe to the one that models are made of."""

    #: BiGG models of the snapshot whose reactions the curated universe gets; a direction is open
    #: where every one of them that has the reaction opens it.
    models: Listed[str] = UNIVERSE_MODELS
    #: Correct reactions that are written wrongly, by the table of the package
    #: (``gemwright/resources/universe_corrections.tsv``).
    corrections: bool = True
    #: Add the steps of cofactor synthesis that need no oxygen, by the table of the package
    #: (``gemwright/resources/universe_anaerobic.tsv``).
    anaerobic: bool = True
    #: Leave one of the reactions that are equal but for protons, with the genes of all.
    merge: bool = True
    #: Let inorganic ions and gases enter without a gene.
    ions: bool = True
    #: Let growth take a quinone of any kind, in place of menaquinone-8.
    quinones: bool = True
    #: Let growth also take biotin, lipoate, iron-sulfur clusters, undecaprenyl diphosphate and two
    #: lipids.
    biomass: bool = True
    #: Close the directions of least weight that leave no energy carrier charged from inorganic
    #: compounds. With every key false, and no models, universes are the curated ones.
    seal: bool = True
