# Repairs of the pinned Snakemake (9.27.1) and its Slurm plugin (2.6.1), made when a run starts.

# Before each question for the state of jobs the plugin asks the controller how long finished jobs are
# remembered; unanswered it turns from squeue to sacct, which never answers without slurmdbd, and after
# all attempts forgets the jobs and waits for ever. That time does not change while a run lasts: the
# first answer is kept.


def keeping_the_first_answer(ask):
    """What gives the first answer of a function that is not None, whenever it is asked later."""
    answers = []

    def kept():
        if not answers and (answer := ask()) is not None:
            answers.append(answer)
        return answers[0] if answers else None

    return kept


def mend_slurm_plugin():
    """Mend the plugin where this run hands its jobs to Slurm; where it is only installed, ask nothing.

    Called when a run starts: only then is it known who runs the jobs, and none is handed in yet.
    """
    executor = type(workflow.executor_settings).__module__
    if executor == "snakemake_executor_plugin_slurm":
        plugin = sys.modules[executor]
        plugin.get_min_job_age = keeping_the_first_answer(plugin.get_min_job_age)
        plugin.get_min_job_age()


def quieten_scheduler():
    """Let Snakemake, where it runs the jobs itself, wake only when one has ended.

    Its limit of jobs a second sets a timer at each wake, and each timer wakes it again: in the end as
    many times a second as jobs have ended, to choose again among the waiting ones each time.
    """
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None
