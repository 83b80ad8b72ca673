"""Trains everything, measures and exports: python3 -m training.tessera_train_all --preset gpu --minutes 20.

Judge and first CLIP minutes need no tokenizer; the second half of CLIP, SigLIP and judge sees reconstructions of the finished tokenizer.
Stopped at any time, the same command goes on from the checkpoints.
"""
import argparse
import subprocess
import sys

from .domain import ROOT
from .files import CHECKPOINTS

SHARES = {"tokenizer": 0.62, "clip": 0.22, "siglip": 0.08, "judge": 0.08}


def command(kind, minutes, args, extra=()):
    base = [sys.executable, "-m", f"training.tessera_train_{kind}", "--preset", args.preset, "--minutes", f"{minutes:.2f}", "--threads", str(args.threads)]
    if args.device:
        base += ["--device", args.device]
    if kind == "tokenizer":
        base += ["--head", args.head]
    return base + ["--save-every", str(args.save_every), *extra]


def run(line):
    print("$ " + " ".join(line[1:]), flush=True)
    subprocess.run(line, check=True, cwd=ROOT.parent)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="cpu", choices=["tiny", "cpu", "gpu"])
    parser.add_argument("--head", default="pixel", choices=["pixel", "vqgan"])
    parser.add_argument("--minutes", type=float, default=100, help="training time of all models together")
    parser.add_argument("--device")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--save-every", type=float, default=120)
    parser.add_argument("--scenes", type=int, default=1000)
    parser.add_argument("--edits", type=int, default=64)
    parser.add_argument("--out", help="export folder (default: the pocket package)")
    parser.add_argument("--force", action="store_true", help="export even what does worse than the present export")
    args = parser.parse_args()
    run(command("tokenizer", args.minutes * SHARES["tokenizer"], args))
    tokenizer = ["--tokenizer", str(CHECKPOINTS / "tokenizer.pt")]
    for kind in ("clip", "siglip", "judge"):
        run(command(kind, args.minutes * SHARES[kind], args, tokenizer))
    shared = ["--threads", str(args.threads)] + (["--device", args.device] if args.device else [])
    export = [sys.executable, "-m", "training.tessera_train_export", "--scenes", str(args.scenes), *shared]
    run(export + (["--out", args.out] if args.out else []) + (["--force"] if args.force else []))
    sheets = ["--sheets", str(CHECKPOINTS)]
    run([sys.executable, "-m", "training.tessera_train_eval", "--scenes", str(args.scenes), "--edits", str(args.edits), *sheets, *shared])


if __name__ == "__main__":
    main()
