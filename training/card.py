"""Writes the model card from the exported configs and measurements."""
import json

from .files import replace

GOALS = [("Reconstruction PSNR, dB", "tokenizer", "psnr", "24 (goal 28)", 1), ("Codes used of 4,096", "tokenizer", "codes", "3,277 over 1,000 pictures", 1),
         ("CLIP zero-shot subject, %", "clip", "originals.subject", "90 (goal 96)", 100), ("CLIP zero-shot background, %", "clip", "originals.background", "98", 100),
         ("CLIP zero-shot lighting, %", "clip", "originals.light", "98", 100)]

TEXT = """# Pocket models

Small models of our own, trained by the recipe in `training/` so that the studio works before anything is downloaded. Domain: emoji scenes, 128 x 128 px.

| folder | what | parameters |
|---|---|---|
{table}

Everything is float16 safetensors under the published parameter names: TiTok (`is_legacy` false, direct-pixel head unless the config says otherwise, pictures in 0..1),
open_clip (pictures of `image_size`, OpenAI mean and deviation; {clip_size} px crops of the 128 px picture, no resize), Hugging Face SigLIP (mean and deviation 0.5).
The judge is our own plain convolutional classifier: `layers.N` are convolutions with bias and ReLU, kernels and strides in its config, then the mean over places and one linear layer per head.
Text is split into whole words (`vocab.json`; start, words, end, padded with 0 to the context; unknown words are 1). CLIP pools at the highest id, SigLIP at the last place.
`clip/captions.json` holds the grammar, prompts for suggestions, zero-shot classes and the five partitions of the paper's Figure 2; `benchmark/` holds 256 held-out scenes and 64 edit tasks, and 48 other scenes with tasks for choosing settings.

## Data
84 subjects in three styles (Fluent Emoji 3D, MIT; Noto Emoji, Apache 2.0; Twemoji, CC-BY 4.0; attribution in `training/sprites`) composed onto procedural backgrounds: forest, beach, desert, snow, field, city
(day, sunset, night), space, plain colours; three sizes, positions in steps of 8 px, mirrored or not, sharp, blurred background or low quality as a whole. No photographs, no people, no scraped data.
One combination in sixteen of (subject, style, background, light, size, focus) is held out and never trained on; all numbers are on such scenes. Held out are combinations:
every sprite and every background occurs in training, with other partners.

## Measured on held-out scenes
On {scenes} scenes unless said otherwise.

| measure | here | asked |
|---|---|---|
{goals}

{details}

## Training
{training}

## Limits
- Only emoji scenes: other pictures are pulled towards them, other words are unknown.
- {limits}
- The judge and SigLIP were trained on the same data as the models they check, with other seeds and architectures; see above for what they started from.

## Licence
The weights carry the licence of this repository. They were trained on drawings under MIT, Apache 2.0 and CC-BY 4.0; keep `training/sprites/ATTRIBUTION.md` with them.
"""


def find(value, key):
    for part in key.split("."):
        value = value.get(part, {}) if isinstance(value, dict) else {}
    return value if value != {} else None


def write_card(folder, parameters):
    """parameters: {kind: number of weights}; reads metrics.json of every kind and notes.json (training, limits) where present."""
    read = lambda path: json.loads(path.read_text()) if path.exists() else {}
    metrics = {kind: read(folder / kind / "metrics.json") for kind in ("tokenizer", "clip", "siglip", "judge")}
    notes = read(folder / "notes.json")
    what = {"tokenizer": "TiTok, 32 tokens, codebook 4,096 x 12, unit vectors", "clip": "CLIP, the objective", "siglip": "SigLIP-style second scorer", "judge": "classifier that judges edits"}
    goals = []
    for label, kind, key, asked, scale in GOALS:
        value = find(metrics[kind], key)
        goals.append(f"| {label} | {'not measured' if value is None else format(value * scale, '.1f' if isinstance(value, float) else ',')} | {asked} |")
    details = []
    for kind in ("clip", "siglip", "judge"):
        for where in ("originals", "reconstructions"):
            row = metrics[kind].get(where)
            if row:
                details.append(f"- {kind}, {where}: " + ", ".join(f"{name} {100 * v:.1f} %" for name, v in row.items()))
    training = [f"- {kind}: {m['images']:,} pictures in {m['minutes']:g} minutes, {m['step']:,} steps" for kind, m in metrics.items() if m]
    clip = read(folder / "clip" / "open_clip_config.json")
    counts = [f"{m['scenes']:,} ({kind})" for kind, m in metrics.items() if m]
    text = TEXT.format(scenes=", ".join(counts), table="\n".join(f"| `{kind}` | {what[kind]} | {count / 1e6:.2f} M |" for kind, count in parameters.items()), goals="\n".join(goals),
                       details="\n".join(details + notes.get("measured", [])), training="\n".join(training + [f"- {line}" for line in notes.get("training", [])]),
                       limits="\n- ".join(notes.get("limits", ["See the numbers above."])), clip_size=find(clip, "vision_cfg.image_size"))
    replace(folder / "MODEL_CARD.md", lambda scratch: scratch.write_text(text))
