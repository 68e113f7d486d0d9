"""Score an organism's proteome against its observed metabolites."""

from typing import TYPE_CHECKING

from gemwright.embedding.protocol import read_embeddings
from gemwright.emi.models.predictor import read_predictor
from gemwright.emi.question import Question
from gemwright.emi.scoring import score_proteome
from gemwright.io.logs import logged
from gemwright.io.tables import read_parquet, write_parquet

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

with logged(snakemake.log[0]):
    metabolites = read_embeddings(snakemake.input.metabolites)
    observed = read_parquet(snakemake.input.metabolome, ["metabolite"])["metabolite"]
    sides = {"protein": "query", "enzyme": "subject"}
    question = Question(
        read_embeddings(snakemake.input.vectors),
        metabolites.select(sorted(set(observed) & set(metabolites.ids))),
        read_parquet(snakemake.input.homologues).rename(columns=sides),
        read_parquet(snakemake.input.interactions, ["enzyme", "metabolite"]),
    )
    learned = [*snakemake.input.model, "."][0]
    predictor = read_predictor(*snakemake.params.predictor, learned)
    scores = score_proteome(predictor, question, snakemake.params.min_score)
    write_parquet(scores, snakemake.output[0])
