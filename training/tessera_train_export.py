"""Exports checkpoints as float16 safetensors with configs and measurements: python3 -m training.tessera_train_export.

A model replaces the exported one only where it does better on the held-out scenes, or with --force.
"""
import argparse
import json
from pathlib import Path

import torch

from .captions import CONTEXT, FOCUS_PHRASES, OPENINGS, PLACES, PLAIN_PLACES, SIZE_WORDS, STYLE_OPENINGS, TIMES, classes, vocabulary
from .card import write_card
from .contrast import zero_shot
from .device import setup
from .domain import BACKGROUNDS, CATEGORIES, COLOURS, FOCUS, LIGHTS, NAMES, ROOT, SIZES, STYLES, SUBJECTS
from .files import CHECKPOINTS, load_safetensors, save_json, save_safetensors
from .measure import reconstruction
from .models.clip import CLIP, MEAN, STD
from .models.judge import HEADS, Judge, kernels
from .models.siglip import EPS, SigLIP
from .scenes import Composer
from .tessera_train_judge import judge_accuracy
from .views import load_tokenizer

MODELS = ROOT.parent / "packages" / "pocket" / "models"


def tokenizer_config(c):
    """The keys of the published TiTok and MaskGIT-VQGAN configs; widths and layers spelled out; `training` rebuilds the Python model."""
    if c.get("grid"):
        return {"channel_mult": c["pixel_mult"], "num_resolutions": len(c["pixel_mult"]), "hidden_channels": c["pixel_hidden"], "num_channels": 3,
                "num_res_blocks": c["pixel_blocks"], "resolution": c["image"], "z_channels": c["pixel_channels"], "num_embeddings": c["codebook"],
                "embedding_dim": c["token_size"], "training": c}
    book = {} if c.get("vae") else dict(codebook_size=c["codebook"], use_l2_norm=True)
    vq = dict(**book, token_size=c["token_size"], commitment_cost=c.get("commitment", 0.25),
              vit_enc_patch_size=c["enc_patch"], vit_dec_patch_size=c["dec_patch"], vit_enc_width=c["enc_width"], vit_dec_width=c["dec_width"],
              vit_enc_layers=c["enc_layers"], vit_dec_layers=c["dec_layers"], num_heads=c["heads"], num_latent_tokens=c["tokens"],
              finetune_decoder=bool(c.get("pixel_codes")), is_legacy=False, quantize_mode="vae" if c.get("vae") else "vq")
    if c.get("head_kernel", 1) > 1 and not c.get("pixel_codes"):
        vq["vit_dec_head_kernel_size"] = c["head_kernel"]  # ours; the published head has 1
    if c.get("pixel_codes"):
        vq["pixel_decoder"] = dict(codebook_size=c["pixel_codes"], token_size=c["pixel_channels"], z_channels=c["pixel_channels"],
                                   hidden_channels=c["pixel_hidden"], channel_mult=c["pixel_mult"], num_res_blocks=c["pixel_blocks"])
    return {"model": {"vq_model": vq}, "dataset": {"preprocessing": {"crop_size": c["image"]}}, "training": c}


def clip_config(c):
    return {"embed_dim": c["embed"], "quick_gelu": False,
            "vision_cfg": dict(image_size=c["image"], patch_size=c["patch"], width=c["width"], layers=c["layers"], head_width=c["width"] // c["heads"]),
            "text_cfg": dict(context_length=c["context"], vocab_size=len(vocabulary()), width=c["text_width"], heads=c["text_heads"], layers=c["text_layers"]),
            "preprocess_cfg": dict(mean=MEAN, std=STD)}


def siglip_config(c):
    shared = dict(hidden_size=c["width"], num_attention_heads=c["heads"], intermediate_size=4 * c["width"], hidden_act="gelu_pytorch_tanh", layer_norm_eps=EPS)
    return {"model_type": "siglip",
            "vision_config": dict(shared, image_size=c["image"], patch_size=c["patch"], num_hidden_layers=c["layers"]),
            "text_config": dict(shared, vocab_size=len(vocabulary()), max_position_embeddings=c["context"], num_hidden_layers=max(1, c["layers"] - 2))}


def judge_config(c):
    return {"model_type": "tessera-judge", "image_size": 128, "input_range": [0, 1], "normalise": {"mean": 0.5, "std": 0.5},
            "layers": [dict(channels=c["widths"][k // 2], **shape, activation="relu") for k, shape in enumerate(kernels(c))],
            "pooling": "mean", "heads": {name: labels for name, labels in judge_labels().items()}}


def judge_labels():
    labels = {"subject": [names[0] for names in NAMES], "background": BACKGROUNDS, "light": LIGHTS + ["space"] + [f"plain {c}" for c in COLOURS],
              "style": STYLES, "size": SIZES, "focus": FOCUS}
    assert {k: len(v) for k, v in labels.items()} == HEADS
    return labels


def grammar():
    """The closed grammar of the captions, for prompt suggestions and zero-shot labels."""
    return {"context": CONTEXT, "openings": OPENINGS, "styles": dict(zip(STYLES, STYLE_OPENINGS)), "sizes": dict(zip(SIZES, SIZE_WORDS)),
            "places": PLACES, "plain": PLAIN_PLACES, "colours": list(COLOURS), "times": dict(zip(LIGHTS, TIMES)), "focus": dict(zip(FOCUS, FOCUS_PHRASES)),
            "categories": CATEGORIES, "subjects": [{"names": s["names"], "category": s["category"]} for s in SUBJECTS],
            "zeroShot": {name: [[p for p in group] for group in groups] for name, groups in classes().items()},
            "partitions": [["an animal or human", "an inanimate object"], ["abundant vegetation", "sparse or no vegetation"],
                           ["large dominant subject", "small or subtle subject"], ["a daytime scene", "a nighttime scene"],
                           ["high definition", "blurry low quality"]]}


def averaged(model, state):
    weights = dict(state["model"])
    names = [n for n, _ in model.named_parameters() if not n.startswith("quantize.")]
    weights.update(zip(names, state["average"]))
    model.load_state_dict(weights)
    return model.eval().requires_grad_(False)


def better(folder, key, value, force):
    """Whether `value` beats what the folder's metrics.json says (an export without measurements is always beaten)."""
    path = folder / "metrics.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    for part in key.split("."):
        known = known.get(part, -1.0) if isinstance(known, dict) else -1.0
    return force or value > known


def export(kind, names, device, composer, tokenizer, count, force, out):
    path = CHECKPOINTS / f"{names[kind]}.pt"
    if not path.exists():
        return print(f"{kind}: no checkpoint")
    state = torch.load(path, map_location="cpu")
    c, words, folder = state["config"], len(vocabulary()), out / kind
    if kind == "tokenizer":
        metrics, key = reconstruction(tokenizer, composer, count), "psnr"
        value, config, weights = metrics[key], tokenizer_config(c), tokenizer.state_dict()
        files = {"config.json": config}
    else:
        model = averaged({"clip": lambda: CLIP(c, words), "siglip": lambda: SigLIP(c, words), "judge": lambda: Judge(c)}[kind](), state).to(device)
        measure = (lambda t: judge_accuracy(model, composer, count, t)) if kind == "judge" else (lambda t: zero_shot(model, composer, c["image"], count, t))
        metrics = {"originals": measure(None), "reconstructions": measure(tokenizer) if tokenizer else {}}
        key, value = "originals.subject", metrics["originals"]["subject"]
        weights = model.folded() if kind == "judge" else model.state_dict()
        files = {"clip": lambda: {"open_clip_config.json": clip_config(c), "vocab.json": vocabulary(), "captions.json": grammar(),
                                  "subjects.json": {"subjects": NAMES}},
                 "siglip": lambda: {"config.json": siglip_config(c), "vocab.json": vocabulary()},
                 "judge": lambda: {"config.json": judge_config(c)}}[kind]()
        files["training.json"] = c
    metrics.update(scenes=count, step=state["step"], images=state["images"], minutes=round(state["spent"] / 60, 1))
    print(f"{kind}: {key} {value:.4f}")
    if not better(folder, key, value, force):
        return print(f"{kind}: the exported one is better, kept")
    save_safetensors(folder / "model.safetensors", weights, "F16", {"format": "pt", "model": f"pocket {kind}"})
    for name, content in {**files, "metrics.json": metrics}.items():
        save_json(folder / name, content)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=MODELS)
    parser.add_argument("--only", nargs="*", default=["tokenizer", "clip", "siglip", "judge"])
    for kind in ("tokenizer", "clip", "siglip", "judge"):
        parser.add_argument(f"--{kind}", default=kind, help="checkpoint name")
    parser.add_argument("--scenes", type=int, default=1000)
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--device")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    device = setup(args.device, args.threads)
    names = {kind: getattr(args, kind) for kind in ("tokenizer", "clip", "siglip", "judge")}
    composer, tokenizer = Composer(device), load_tokenizer(CHECKPOINTS / f"{names['tokenizer']}.pt", device)
    for kind in args.only:
        export(kind, names, device, composer, tokenizer, args.scenes, args.force, args.out)
    exported = [kind for kind in ("tokenizer", "clip", "siglip", "judge") if (args.out / kind / "metrics.json").exists()]
    write_card(args.out, {kind: sum(t.numel() for t in load_safetensors(args.out / kind / "model.safetensors").values()) for kind in exported})


if __name__ == "__main__":
    main()
