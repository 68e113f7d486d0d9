"""A real Slurm on this machine: one node, a partition `cpu`, and `gpu` with a pretended GPU.

Slurm's configuration has to stand in its own folder, because `srun` inside a job reads it there.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pandas as pd

CONFIGURATION = Path("/etc/slurm")
STATE = Path("/var/spool/gemwright-slurm")
OURS = "# made by gemwright's tests\n"
PROGRAMS = ("slurmctld", "slurmd", "sbatch", "munged")


def configuration(host: str, cores: int, megabytes: int) -> str:
    """Text of slurm.conf: memory is counted, and whoever takes more than asked for is killed."""
    return f"""{OURS}
ClusterName=test
SlurmctldHost={host}
SlurmUser=root
AuthType=auth/munge
StateSaveLocation={STATE}/state
SlurmdSpoolDir={STATE}/spool
SlurmctldPidFile={STATE}/slurmctld.pid
SlurmdPidFile={STATE}/slurmd.pid
SlurmctldLogFile={STATE}/slurmctld.log
SlurmdLogFile={STATE}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
MinJobAge=3600
ReturnToService=2
SchedulerParameters=sched_interval=2
KillWait=2
InactiveLimit=0
TaskProlog={STATE}/record.sh
GresTypes=gpu
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={megabytes} Gres=gpu:1 State=UNKNOWN
PartitionName=cpu Nodes={host} Default=YES PriorityTier=2 MaxTime=INFINITE State=UP
PartitionName=gpu Nodes={host} MaxTime=INFINITE State=UP
"""


# every step of every job writes down where it runs and which GPUs it is given
RECORD = f"""#!/bin/sh
echo "$SLURM_JOB_ID $SLURM_JOB_PARTITION ${{CUDA_VISIBLE_DEVICES:--}}" >>{STATE}/steps
"""


def missing() -> str:
    """What keeps the cluster from starting here; empty if nothing does."""
    lacking = [program for program in PROGRAMS if shutil.which(program) is None]
    if lacking:
        return f"{', '.join(lacking)} not installed (tools/install_slurm.sh)"
    if os.geteuid() != 0:
        return "Slurm's daemons are started as root"
    at_work = subprocess.run(["pgrep", "-x", "slurmd"], capture_output=True, text=True, check=False)
    if at_work.stdout.split() not in ([], [str(_running("slurmd"))]):
        return "this is a node of another cluster"
    present = CONFIGURATION / "slurm.conf"
    if present.exists() and not present.read_text().startswith(OURS):
        return f"{present} is another cluster's"
    return ""


def _running(daemon: str) -> int:
    """Process of a daemon of ours; 0 if there is none."""
    file = STATE / f"{daemon}.pid"
    pid = file.read_text().strip() if file.exists() else ""
    name = Path(f"/proc/{pid}/comm")
    return int(pid) if pid and name.exists() and name.read_text().strip() == daemon else 0


class SlurmCluster:
    """The daemons of a cluster of this one machine, started and stopped.

    Parameters
    ----------
    cores : int
        Cores that the node pretends to have.
    """

    def __init__(self, cores: int = 2) -> None:
        self.host = socket.gethostname().partition(".")[0]
        self.cores = cores
        self._lock = open(STATE.with_suffix(".lock"), "w")  # noqa: SIM115

    def start(self) -> None:
        """Write the configuration, start munge and both daemons, and wait for the node.

        There is one such cluster on a machine: another session of tests that has it is waited for.
        """
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.stop()
        shutil.rmtree(STATE, ignore_errors=True)
        for folder in (CONFIGURATION, STATE / "state", STATE / "spool"):
            folder.mkdir(parents=True, exist_ok=True)
        megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 - 512
        text = configuration(self.host, self.cores, megabytes)
        (CONFIGURATION / "slurm.conf").write_text(text)
        (CONFIGURATION / "gres.conf").write_text(f"{OURS}Name=gpu File=/dev/null\n")
        (STATE / "record.sh").write_text(RECORD)
        (STATE / "record.sh").chmod(0o755)
        self._start_munge()
        for daemon in ("slurmctld", "slurmd"):
            subprocess.run([daemon], check=True, capture_output=True)
        deadline = time.monotonic() + 30
        while self._node_state() != "idle":
            if time.monotonic() > deadline:
                raise RuntimeError(f"the node is {self._node_state()!r}; see {STATE}/*.log")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop the daemons that `start` started, here or in a run that was killed; jobs end."""
        for daemon in ("slurmd", "slurmctld"):
            if pid := _running(daemon):
                os.kill(pid, signal.SIGKILL)
        # a job's keeper is named for the job, and its node has no other jobs
        subprocess.run(["pkill", "-KILL", "-x", "slurmstepd"], check=False)
        for name in ("slurm.conf", "gres.conf"):
            (CONFIGURATION / name).unlink(missing_ok=True)

    def jobs(self) -> pd.DataFrame:
        """All jobs that the controller remembers: id, rule or group, partition, state, gpu."""
        shown = subprocess.run(
            ["scontrol", "--oneliner", "show", "job"], capture_output=True, text=True, check=True
        )
        rows = []
        for line in shown.stdout.splitlines():
            facts = dict(part.partition("=")[::2] for part in line.split() if "=" in part)
            if "JobId" in facts:
                rows.append(
                    {
                        "job": int(facts["JobId"]),
                        "what": facts.get("Comment", "").removeprefix("rule_"),
                        "partition": facts["Partition"],
                        "state": facts["JobState"],
                        "gpu": "gres:gpu" in facts.get("TresPerNode", ""),
                        "megabytes": facts["MinMemoryNode"],
                        "minutes": facts["TimeLimit"],
                    }
                )
        columns = ["job", "what", "partition", "state", "gpu", "megabytes", "minutes"]
        return pd.DataFrame(rows, columns=columns).set_index("job")

    def devices(self) -> dict[int, set[str]]:
        """CUDA_VISIBLE_DEVICES of the steps of each job; ``-`` where it is not set."""
        seen: dict[int, set[str]] = {}
        for line in (STATE / "steps").read_text().splitlines():
            job, _, devices = line.split()
            seen.setdefault(int(job), set()).add(devices)
        return seen

    def controller(self, sign: signal.Signals) -> None:
        """Send the controller a signal: SIGSTOP makes every client command hang and then fail."""
        os.kill(_running("slurmctld"), sign)

    def _start_munge(self) -> None:
        if subprocess.run(["pgrep", "-x", "munged"], capture_output=True, check=False).returncode:
            for folder in ("/run/munge", "/var/log/munge", "/var/lib/munge"):
                Path(folder).mkdir(exist_ok=True)
                shutil.chown(folder, "munge", "munge")
            as_munge = ["setpriv", "--reuid=munge", "--regid=munge", "--clear-groups"]
            subprocess.run([*as_munge, "munged"], check=True)

    def _node_state(self) -> str:
        shown = subprocess.run(
            ["sinfo", "--noheader", "--format=%T", "--partition=cpu"],
            capture_output=True,
            text=True,
            check=False,
        )
        return shown.stdout.strip()
