"""Prints the held-out benchmark of checkpoints or of an export: python3 -m training.tessera_train_eval --models packages/pocket/models."""
import argparse
import json
import time
from pathlib import Path

import torch

from .captions import vocabulary
from .contrast import zero_shot
from .device import setup
from .files import CHECKPOINTS, load_safetensors
from .measure import reconstruction
from .models.clip import CLIP
from .models.judge import Judge
from .models.siglip import SigLIP
from .optimise import edit_benchmark
from .png import sheet
from .scenes import Composer
from .tessera_train_judge import judge_accuracy
from .views import load_tokenizer


def load_model(kind, build, where, device):
    """A network from an export folder (`training` in config.json) or from a checkpoint's averaged weights; None where absent."""
    folder = Path(where) / kind if where else None
    if folder and (folder / "training.json").exists():
        config = json.loads((folder / "training.json").read_text())
        model, weights = build(config), load_safetensors(folder / "model.safetensors")
        model.load_state_dict(weights) if kind != "judge" else model.unfold(weights)
    elif folder is None and (CHECKPOINTS / f"{kind}.pt").exists():
        state = torch.load(CHECKPOINTS / f"{kind}.pt", map_location="cpu")
        config, model = state["config"], build(state["config"])
        weights = dict(state["model"])
        weights.update(zip([n for n, _ in model.named_parameters()], state["average"]))
        model.load_state_dict(weights)
    else:
        return None, None
    return model.to(device).eval().requires_grad_(False), config


def evaluate(where, device, count, edits, steps, sheets=None):
    composer, result, words = Composer(device), {"scenes": count}, len(vocabulary())
    tokenizer = load_tokenizer(Path(where) / "tokenizer" if where else None, device)
    if tokenizer is not None:
        result["tokenizer"] = reconstruction(tokenizer, composer, count)
    clip, clip_config = load_model("clip", lambda c: CLIP(c, words), where, device)
    siglip, siglip_config = load_model("siglip", lambda c: SigLIP(c, words), where, device)
    judge, _ = load_model("judge", Judge, where, device)
    for name, model, config in (("clip", clip, clip_config), ("siglip", siglip, siglip_config)):
        if model is not None:
            result[name] = {"originals": zero_shot(model, composer, config["image"], count)}
            if tokenizer is not None:
                result[name]["reconstructions"] = zero_shot(model, composer, config["image"], count, tokenizer)
    if judge is not None:
        result["judge"] = {"originals": judge_accuracy(judge, composer, count)}
        if tokenizer is not None:
            result["judge"]["reconstructions"] = judge_accuracy(judge, composer, count, tokenizer)
    if edits and None not in (tokenizer, clip, judge):
        since = time.time()
        table, before, after, prompts = edit_benchmark(tokenizer, clip, judge, composer, clip_config["image"], edits, **({"steps": steps} if steps else {}))
        shares = list(table.values())
        result["edits"] = {"pairs": edits, "steps": steps or "as the preset", "seconds": round(time.time() - since, 1),
                           "success": sum(s for s, _ in shares) / len(shares), "kept": sum(k for (_, k), t in zip(shares, table) if t != "scratch") / max(1, len(shares) - 1),
                           "tasks": {task: {"success": s, "kept": k} for task, (s, k) in table.items()}}
        if sheets:
            wide = min(8, len(before))
            rows = range(0, len(before) // wide * wide, wide)
            sheet(Path(sheets) / "edits.png", [part[k:k + wide] for k in rows for part in (before, after)])
            (Path(sheets) / "edits.txt").write_text("\n".join(prompts) + "\n")
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", help="folder with tokenizer, clip, siglip, judge; without it the checkpoints are measured")
    parser.add_argument("--scenes", type=int, default=1000)
    parser.add_argument("--edits", type=int, default=0, help="pairs of the edit benchmark (64 for the full one)")
    parser.add_argument("--steps", type=int, help="instead of the preset's")
    parser.add_argument("--device")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sheets", help="folder for contact sheets of the edits")
    args = parser.parse_args()
    device = setup(args.device, args.threads)
    print(json.dumps(evaluate(args.models, device, args.scenes, args.edits, args.steps, args.sheets), indent=1))


if __name__ == "__main__":
    main()
