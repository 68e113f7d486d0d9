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


# A newer input makes a step run again unless its content is known to be the same; after a checkout, a touch or a
# copy of the project everything is newer. Snakemake knows the content of files below 1 MB only, and of no
# folder; its option for the size does not reach the jobs that Slurm runs.

_known_content = {}


def content_digest(path):
    """Digest of a file, or of a folder's files and their names; of what is as it was, from memory."""
    files = [path]
    if os.path.isdir(path):
        inside = [
            os.path.join(at, name) for at, _, names in os.walk(path) for name in names
        ]
        files = [file for file in sorted(inside) if os.path.isfile(file)]
        files = [
            file for file in files if os.path.basename(file) != ".snakemake_timestamp"
        ]
    stats = [(file, os.stat(file)) for file in files]
    facts = [(file, one.st_ino, one.st_size, one.st_mtime_ns) for file, one in stats]
    known = _known_content.get(path)
    if known is None or known[0] != facts:
        digests = [sha256_file(file) for file in files]
        if os.path.isdir(path):
            told = [
                f"{os.path.relpath(file, path)}\0{digest}"
                for file, digest in zip(files, digests)
            ]
            digests = [sha256_text("\n".join(told))]
        known = _known_content[path] = facts, f"sha256:{digests[0]}"
    return known[1]


def recognise_content():
    """Let Snakemake know the content of all inputs, whatever their size, and of folders."""
    kind = sys.modules["snakemake.io"]._IOFile
    theirs = kind.checksum

    async def is_checksum_eligible(self, threshold):
        return os.path.isfile(self.file) or os.path.isdir(self.file)

    async def checksum(self, threshold=None, force=False, algorithm=None):
        of_ours = algorithm in (None, "sha256") and not self.is_storage
        if of_ours and await self.is_checksum_eligible(threshold):
            return content_digest(str(self.file))
        return await theirs(self, threshold, force, algorithm)

    kind.is_checksum_eligible, kind.checksum = is_checksum_eligible, checksum


recognise_content()
