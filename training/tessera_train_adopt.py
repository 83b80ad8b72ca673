"""Starts made from other weights, to save training time on small machines.

clip: python3 -m training.tessera_train_adopt clip OLD_FOLDER NEW_FILE, from a CLIP with another crop size, vocabulary or context.
siglip: python3 -m training.tessera_train_adopt siglip TOKENIZER NEW_FILE, its first vision layers from the tokenizer's encoder (not from CLIP: it must stay independent).
"""
import argparse
import json
from pathlib import Path

import torch
import torch.nn.functional as F

from .captions import vocabulary
from .files import load_safetensors, save_safetensors
from .models.clip import CLIP
from .models.siglip import SigLIP
from .models.transformer import patches
from .presets import CLIP as CLIP_PRESETS
from .presets import SIGLIP as SIGLIP_PRESETS
from .scenes import Composer, sample_labels
from .views import load_tokenizer


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


@torch.no_grad()
def from_encoder(tokenizer, model):
    """The encoder's patch embedding, positions and blocks as SigLIP's; its first norm is approximated by the mean scale it has on scenes."""
    encoder, new, prefix = tokenizer.encoder, model.state_dict(), "vision_model."
    picture, _ = Composer()(sample_labels(3, 0, 32))
    embed, norm = encoder.patch_embed, encoder.ln_pre
    x = F.linear(patches(picture, encoder.patch), embed.weight.flatten(1), embed.bias) + encoder.positional_embedding[1:]
    gain = norm.weight / x.std(-1).mean()
    new[prefix + "embeddings.patch_embedding.weight"].copy_(embed.weight * gain[:, None, None, None])
    new[prefix + "embeddings.patch_embedding.bias"].copy_((embed.bias - x.mean()) * gain + norm.bias)
    new[prefix + "embeddings.position_embedding.weight"].copy_(encoder.positional_embedding[1:] * gain)
    # SigLIP sees pictures in -1..1, the encoder in 0..1: x = (y + 1) / 2.
    new[prefix + "embeddings.patch_embedding.bias"] += 0.5 * new[prefix + "embeddings.patch_embedding.weight"].sum((1, 2, 3))
    new[prefix + "embeddings.patch_embedding.weight"].mul_(0.5)
    for k, block in enumerate(encoder.transformer):
        layer = f"{prefix}encoder.layers.{k}."
        parts = dict(layer_norm1=block.ln_1, layer_norm2=block.ln_2)
        parts.update({"mlp.fc1": block.mlp.c_fc, "mlp.fc2": block.mlp.c_proj, "self_attn.out_proj": block.attn.out_proj})
        for name, module in parts.items():
            new[layer + name + ".weight"].copy_(module.weight)
            new[layer + name + ".bias"].copy_(module.bias)
        for name, weight, bias in zip("qkv", block.attn.in_proj_weight.chunk(3), block.attn.in_proj_bias.chunk(3)):
            new[f"{layer}self_attn.{name}_proj.weight"].copy_(weight)
            new[f"{layer}self_attn.{name}_proj.bias"].copy_(bias)
    return new


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["clip", "siglip"])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--preset", default="cpu", choices=CLIP_PRESETS)
    args = parser.parse_args()
    torch.manual_seed(3)
    words = len(vocabulary())
    if args.kind == "siglip":
        weights = from_encoder(load_tokenizer(args.old, "cpu"), SigLIP(SIGLIP_PRESETS[args.preset], words))
    else:
        c = CLIP_PRESETS[args.preset]
        vision = json.loads((args.old / "open_clip_config.json").read_text())["vision_cfg"]
        old_words = json.loads((args.old / "vocab.json").read_text())
        grid = vision["image_size"] // vision["patch_size"]
        weights = adopt(load_safetensors(args.old / "model.safetensors"), old_words, grid, CLIP(c, words), c["image"] // c["patch"])
    save_safetensors(args.new, weights, "F32")


if __name__ == "__main__":
    main()
