# A mend of the pinned Slurm plugin (2.6.1), where it is in use. Before each question for the state of
# jobs it asks the controller how long finished jobs are remembered; unanswered it turns from squeue to
# sacct, which never answers without slurmdbd, and after all attempts forgets the jobs and waits for
# ever. That time does not change while a run lasts: the first answer is kept.


def keeping_the_first_answer(ask):
    """What gives the first answer of a function that is not None, whenever it is asked later."""
    answers = []

    def kept():
        if not answers and (answer := ask()) is not None:
            answers.append(answer)
        return answers[0] if answers else None

    return kept


if slurm_plugin := sys.modules.get("snakemake_executor_plugin_slurm"):
    slurm_plugin.get_min_job_age = keeping_the_first_answer(
        slurm_plugin.get_min_job_age
    )
    slurm_plugin.get_min_job_age()
