"""Checkpoints that survive kill -9, float16 safetensors, and the log."""
import json
import os
import struct
import time
from pathlib import Path

import numpy as np
import torch

from .domain import ROOT

CHECKPOINTS = Path(os.environ.get("TESSERA_TRAIN_OUT", ROOT / "checkpoints"))


def replace(path, write):
    """write(scratch path), then an atomic rename: readers see the old file or the new one, never a part."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + f".{os.getpid()}.part")
    write(scratch)
    with open(scratch, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(scratch, path)


def save_state(path, state):
    replace(path, lambda scratch: torch.save(state, scratch))


def save_json(path, value):
    replace(path, lambda scratch: Path(scratch).write_text(json.dumps(value, indent=1) + "\n"))


def save_safetensors(path, tensors, dtype="F16", metadata=None):
    """Writes float16 (or float32) safetensors; offsets are contiguous in key order."""
    kind = {"F16": np.float16, "F32": np.float32}[dtype]
    header, blobs, at = {"__metadata__": {k: str(v) for k, v in (metadata or {}).items()}}, [], 0
    for name, tensor in tensors.items():
        array = tensor.detach().float().cpu().numpy().astype(kind)
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        blobs.append(array.tobytes())
        at += array.nbytes
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    replace(path, lambda scratch: Path(scratch).write_bytes(struct.pack("<Q", len(head)) + head + b"".join(blobs)))


def load_safetensors(path):
    data = Path(path).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        kind = {"F16": np.float16, "F32": np.float32}[entry["dtype"]]
        count = int(np.prod(entry["shape"])) if entry["shape"] else 1
        array = np.frombuffer(data, kind, count, 8 + length + entry["data_offsets"][0])
        tensors[name] = torch.from_numpy(array.astype(np.float32).reshape(entry["shape"]))
    return tensors


class Log:
    """Lines to the terminal and to <name>.log; measurements to <name>.jsonl, plotted at will."""

    def __init__(self, name):
        CHECKPOINTS.mkdir(parents=True, exist_ok=True)
        self.text, self.data = CHECKPOINTS / f"{name}.log", CHECKPOINTS / f"{name}.jsonl"

    def say(self, line):
        line = f"{time.strftime('%H:%M:%S')} {line}"
        print(line, flush=True)
        with open(self.text, "a") as file:
            file.write(line + "\n")

    def measure(self, **values):
        values = {k: round(float(v), 5) for k, v in values.items()}
        self.say("  ".join(f"{k} {v:g}" for k, v in values.items()))
        with open(self.data, "a") as file:
            file.write(json.dumps(values) + "\n")

    def series(self, *names):
        rows = [json.loads(line) for line in self.data.read_text().splitlines()] if self.data.exists() else []
        return {name: [(row["step"], row[name]) for row in rows if name in row] for name in names}


class Clock:
    """Training time so far, in seconds. A pause (SIGSTOP) counts as one second, not as training.

    With `until` ("16:45") the schedule ends at that time of day, whatever happened before.
    """

    def __init__(self, minutes, spent=0.0, until=None):
        self.total, self.spent, self.last, self.until = minutes * 60, spent, time.monotonic(), None
        if until:
            now = time.localtime()
            ahead = (int(until[:2]) - now.tm_hour) * 3600 + (int(until[3:]) - now.tm_min) * 60 - now.tm_sec
            self.until = self.last + ahead % 86400

    def tick(self):
        now = time.monotonic()
        passed, self.last = now - self.last, now
        self.spent += passed if passed < 60 else 1
        if self.until is not None:
            self.total = self.spent + max(0.0, self.until - now)
        return self.spent / max(self.total, 1e-9)
