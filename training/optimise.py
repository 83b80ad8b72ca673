"""Test-time optimisation of many scenes at once, and the benchmark of edits that an independent judge decides."""
import math

import torch

from .captions import PLACES, TIMES, article, encode
from .device import mixed
from .domain import BACKGROUNDS, COLUMN, LIGHTS, NAMES, SPACE
from .scenes import combination, sample_labels
from .measure import HELD_OUT_SEED
from .views import crop

TASKS = ["subject", "background", "light", "scratch"]
# The pocket preset of packages/engine/src/presets.ts; what is different from noise, and the deviation of that noise.
PRESET = dict(steps=150, lr=0.3, noise=0.1, weight=0.006, towards="seed", average=0.98, crops=8)
SCRATCH, SIGMA = dict(steps=200, weight=0.02, towards="zero"), 1.0
# Seeds of the scenes and of what is asked for: the pairs that figures rest on, and those that settings are chosen on.
SPLITS = {"held-out": (HELD_OUT_SEED + 1, 7), "tuning": (HELD_OUT_SEED + 2, 11)}


def optimise(tokenizer, clip, size, z, prompts, steps, lr, noise, weight, towards, average, crops):
    """z (n, c, 1, tokens) start, prompts (n, embed) unit vectors -> averaged tokens. One batch of the loop of packages/engine/src/loop."""
    start, smooth = z.clone(), z.clone()
    anchor = start if towards == "seed" else torch.zeros_like(z)
    z = z.clone().requires_grad_(True)
    adam = torch.optim.Adam([z], lr=lr)
    for step in range(steps):
        if noise:
            share = 0.5 * (1 + math.cos(math.pi * min(1.0, 1.5 * step / max(1, steps - 1))))
            with torch.no_grad():
                z.add_(noise * share * torch.randn_like(z))
        picture = tokenizer.decode(tokenizer.quantize(z)[0]).float()
        views = picture.repeat_interleave(crops, 0)
        flip = torch.rand(len(views), 1, 1, 1, device=z.device) < 0.5
        views = torch.where(flip, views.flip(-1), views)
        with mixed(z.device):
            image = clip.encode_image(crop(views, size)).float()
        similarity = (image.view(len(z), crops, -1) * prompts[:, None]).sum(-1).mean(1)
        loss = (-similarity + weight * ((z - anchor) ** 2).mean((1, 2, 3))).sum()
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()
        with torch.no_grad():
            smooth.lerp_(z, 1 - (average if step else 0.0))
    return smooth.detach()


def editable(seed, count):
    """Held-out scenes (count, 11) with a landscape, sharp, the subject not small."""
    labels = sample_labels(seed, 0, 4 * count, held_out=True)
    return labels[(labels[:, COLUMN["background"]] < SPACE) & (labels[:, COLUMN["focus"]] == 0) & (labels[:, COLUMN["size"]] > 0)][:count]


def apart(labels, from_):
    """Those that share no combination (scenes.combination) with another set of scenes."""
    return labels[~torch.isin(combination(labels), combination(from_))]


def tasks(count, split="held-out"):
    """Seed scenes that were never trained on with a prompt each: (labels (n, 11), prompts, wanted {column: class} per row, task names).

    No scene of the tuning split shares its combination with one of the first 256 of the other.
    """
    scenes, seed = SPLITS[split]
    labels = editable(scenes, count)
    if split == "tuning":
        labels = apart(editable(scenes, 2 * count), editable(SPLITS["held-out"][0], 256))[:count]
    draw = torch.Generator().manual_seed(seed)
    pick = lambda n, but: (but + 1 + int(torch.randint(n - 1, (1,), generator=draw))) % n
    prompts, wanted, names = [], [], []
    for k, row in enumerate(labels.tolist()):
        task = TASKS[k % len(TASKS)]
        subject, background, light = (row[COLUMN[name]] for name in ("subject", "background", "light"))
        if task in ("subject", "scratch"):
            subject = pick(len(NAMES), subject)
        if task == "background":
            background = pick(SPACE, background)
        if task == "light":
            light = pick(len(LIGHTS), light)
        want = {"subject": dict(subject=subject), "background": dict(background=background), "light": dict(light=light),
                "scratch": dict(subject=subject, background=background)}[task]
        noun = "a photo of " + article(NAMES[subject][0])
        place, time = PLACES[BACKGROUNDS[background]][0], TIMES[light][0] if light else "during the day"
        prompts.append({"subject": noun, "background": f"{noun} {place}", "light": f"{noun} {place} {time}", "scratch": f"{noun} {place}"}[task])
        wanted.append(want)
        names.append(task)
    return labels, prompts, wanted, names


def edit_benchmark(tokenizer, clip, judge, composer, size, count=64, batch=64, **options):
    """{task: (share in which the judge finds what was asked, share of kept attributes)}, pictures (seed, result) and prompts; PRESET and SCRATCH changed by `options`."""
    labels, prompts, wanted, names = tasks(count)
    before, after, scores = [], [], {}
    for at in range(0, len(labels), batch):
        rows = labels[at:at + batch].to(composer.device)
        picture, _ = composer(rows)
        with torch.no_grad():
            z = tokenizer.encode(picture)
            scratch = torch.tensor([name == "scratch" for name in names[at:at + batch]], device=z.device)
            random = torch.randn(z.shape, generator=torch.Generator().manual_seed(at)).to(z.device)
            z = torch.where(scratch[:, None, None, None], SIGMA * random, z)
            text = clip.encode_text(encode(prompts[at:at + batch]).to(z.device)).float()
        best = torch.empty_like(z)
        for which, settings in ((~scratch, {**PRESET, **options}), (scratch, {**PRESET, **SCRATCH, **options})):
            if which.any():
                best[which] = optimise(tokenizer, clip, size, z[which], text[which], **settings)
        with torch.no_grad():
            result = tokenizer.decode(tokenizer.quantize(best)[0]).float().clamp(0, 1)
            verdict = {name: logits.argmax(1).cpu() for name, logits in judge(result).items()}
        before.append(picture)
        after.append(result)
        for k in range(len(rows)):
            task, want = names[at + k], wanted[at + k]
            hit = all(verdict[name][k] == value for name, value in want.items())
            kept = [float(verdict[name][k] == rows[k, COLUMN[name]].cpu()) for name in ("subject", "background", "light") if name not in want]
            scores.setdefault(task, []).append((float(hit), sum(kept) / len(kept) if task != "scratch" else 1.0))
    table = {task: tuple(sum(v[i] for v in values) / len(values) for i in (0, 1)) for task, values in scores.items()}
    return table, torch.cat(before), torch.cat(after), prompts
