"""What tests of shared caches let processes of their own do: few imports, for a quick start."""

import logging
import multiprocessing
import os
import signal
import time

import numpy as np

from gemwright.download.fetching import fetch_collection
from gemwright.embedding.store import EmbeddingStore

# spawned, not forked: as jobs, the processes share nothing but the folder
PROCESSES = multiprocessing.get_context("spawn")
NOBODY = 65534


class CountingEncoder:
    """Encodes a text as its length and its count of A; remembers what it was asked."""

    name, version, arithmetic, dimension = "counting", "1", "", 2

    def __init__(self, pause=0.0):
        self.asked, self.pause = [], pause

    def encode(self, texts):
        self.asked += texts
        time.sleep(self.pause)
        return np.array([[len(text), text.count("A")] for text in texts], dtype=np.float32)


def in_processes(function, *arguments):
    """Results of a function that runs at once in one process for each tuple of arguments."""
    with PROCESSES.Pool(len(arguments)) as pool:
        # all are up before the first starts
        assert len(set(pool.map(pid, [0.3] * len(arguments), chunksize=1))) == len(arguments)
        return pool.starmap(function, arguments, chunksize=1)


def pid(seconds):
    time.sleep(seconds)
    return os.getpid()


def encode(folder, texts, pause):
    encoder = CountingEncoder(pause)
    return EmbeddingStore(folder, encoder, shard_size=4).fetch(texts).tolist(), encoder.asked


def killed_while_encoding(folder):
    class Killed(CountingEncoder):
        def encode(self, texts):
            os.kill(os.getpid(), signal.SIGKILL)

    EmbeddingStore(folder, Killed()).fetch(["A", "AC"])


def encode_as_another_user(folder, texts):
    """Vectors, what was encoded, and the log; without the rights of root."""
    messages = []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())
    logging.getLogger("gemwright").addHandler(handler)
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    vectors, asked = encode(folder, texts, 0.0)
    return vectors, asked, "\n".join(messages)


def fetch(options, datasets):
    return fetch_collection("rhea", options, datasets)
