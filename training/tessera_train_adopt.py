"""Adapts earlier CLIP weights (another crop size, vocabulary or context) as a start: python3 -m training.tessera_train_adopt OLD_FOLDER NEW_FILE --preset cpu."""
import argparse
import json
from pathlib import Path

import torch

from .captions import vocabulary
from .files import load_safetensors, save_safetensors
from .models.clip import CLIP
from .presets import CLIP as PRESETS


def adopt(old, old_words, old_grid, model, grid):
    """Copies what fits: words by name, the middle of the grid of positions, the first places of the context."""
    new = model.state_dict()
    for name, value in new.items():
        if name in old and old[name].shape == value.shape:
            value.copy_(old[name])
    for word, index in vocabulary().items():
        if word in old_words:
            new["token_embedding.weight"][index] = old["token_embedding.weight"][old_words[word]]
    shared = min(len(old["positional_embedding"]), len(new["positional_embedding"]))
    new["positional_embedding"][:shared] = old["positional_embedding"][:shared]
    places = old["visual.positional_embedding"]
    at = torch.linspace(0, old_grid - 1, old_grid)[(old_grid - grid) // 2:][:grid].long()
    new["visual.positional_embedding"][0] = places[0]
    new["visual.positional_embedding"][1:] = places[1:].view(old_grid, old_grid, -1)[at][:, at].flatten(0, 1)
    return new


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--preset", default="cpu", choices=PRESETS)
    args = parser.parse_args()
    vision = json.loads((args.old / "open_clip_config.json").read_text())["vision_cfg"]
    words = json.loads((args.old / "vocab.json").read_text())
    c = PRESETS[args.preset]
    weights = adopt(load_safetensors(args.old / "model.safetensors"), words, vision["image_size"] // vision["patch_size"], CLIP(c, len(vocabulary())), c["image"] // c["patch"])
    save_safetensors(args.new, weights, "F32")


if __name__ == "__main__":
    main()
