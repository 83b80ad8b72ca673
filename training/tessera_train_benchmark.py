"""Writes the held-out benchmark for programs without PyTorch: python3 -m training.tessera_train_benchmark.

scenes.png: 16 x 16 held-out scenes of 128 px, row by row. scenes.json: their labels by name, and edit tasks (scene, prompt, what to find).
"""
import argparse
from pathlib import Path

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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=MODELS / "benchmark")
    parser.add_argument("--edits", type=int, default=64)
    args = parser.parse_args()
    composer = Composer()
    edit_labels, prompts, wanted, names = tasks(args.edits)
    plain = sample_labels(HELD_OUT_SEED, 0, SIDE * SIDE - args.edits, held_out=True)
    args.out.mkdir(parents=True, exist_ok=True)
    pictures = [composer(part)[0] for labels in (edit_labels, plain) for part in labels.split(SIDE)]
    sheet(args.out / "scenes.png", pictures)
    classes = judge_labels()
    edits = [{"scene": k, "task": name, "prompt": prompt, "want": {head: classes[head][value] for head, value in want.items()}}
             for k, (prompt, want, name) in enumerate(zip(prompts, wanted, names))]
    scenes = [named(row) for labels in (edit_labels, plain) for row in labels.tolist()]
    save_json(args.out / "scenes.json", {"tile": 128, "columns": SIDE, "scenes": scenes, "edits": edits})


if __name__ == "__main__":
    main()
