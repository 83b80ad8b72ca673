"""Writes the held-out benchmark for programs without PyTorch: python3 -m training.tessera_train_benchmark.

scenes.png: 16 x 16 held-out scenes of 128 px, row by row. scenes.json: their labels by name, and edit tasks (scene, prompt, what to find).
tuning.png and tuning.json: the same with other scenes and tasks only, on which settings may be chosen.
"""
import argparse
from pathlib import Path

import torch

from .domain import COLUMN
from .files import save_json
from .measure import HELD_OUT_SEED
from .optimise import tasks
from .png import sheet
from .scenes import Composer, sample_labels
from .tessera_train_export import MODELS, judge_labels

SIDE = 16


def named(row):
    """A label as words; the light column also names colours and space."""
    return {name: words[row[COLUMN[name]]] for name, words in judge_labels().items()}


def write(out, name, split, edits, more):
    """`edits` tasks and their scenes, then `more` scenes, as `name`.png and `name`.json."""
    edit_labels, prompts, wanted, names = tasks(edits, split)
    plain = sample_labels(HELD_OUT_SEED, 0, more, held_out=True)
    composer, classes = Composer(), judge_labels()
    labels = torch.cat([edit_labels, plain])
    sheet(out / f"{name}.png", [composer(part)[0] for part in labels.split(SIDE)])
    rows = [{"scene": k, "task": task, "prompt": prompt, "want": {head: classes[head][value] for head, value in want.items()}}
            for k, (prompt, want, task) in enumerate(zip(prompts, wanted, names))]
    save_json(out / f"{name}.json", {"tile": 128, "columns": SIDE, "scenes": [named(row) for row in labels.tolist()], "edits": rows})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=MODELS / "benchmark")
    parser.add_argument("--edits", type=int, default=64)
    parser.add_argument("--tuning", type=int, default=48, help="tasks of the tuning split, a multiple of 16")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    write(args.out, "scenes", "held-out", args.edits, SIDE * SIDE - args.edits)
    write(args.out, "tuning", "tuning", args.tuning, 0)


if __name__ == "__main__":
    main()
