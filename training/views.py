"""Training views of scenes for the encoders: crops, flips, colour and noise, and reconstructions by the tokenizer."""
import json
from pathlib import Path

import torch
import torch.nn.functional as F

from .device import mixed
from .domain import IMAGE
from .files import CHECKPOINTS, load_safetensors
from .models.tokenizer import tokenizer


def crop(picture, size, free=True):
    """Random square crops; with free false, centre crops."""
    n, room = len(picture), IMAGE - size
    if room == 0:
        return picture
    if not free:
        return picture[:, :, room // 2:room // 2 + size, room // 2:room // 2 + size]
    at = torch.randint(room + 1, (2, n, 1), device=picture.device) + torch.arange(size, device=picture.device)
    rows = torch.arange(n, device=picture.device)[:, None, None]
    return picture.permute(0, 2, 3, 1)[rows, at[0][:, :, None], at[1][:, None, :]].permute(0, 3, 1, 2)


def vary(x, strength=1.0):
    """Mirrored copies, brightness, contrast, saturation, softness and noise, so that decoder artefacts are nothing new."""
    n, draw = len(x), lambda *s: torch.randn(len(x), *s, device=x.device).clamp(-2, 2) * strength
    flip = torch.rand(n, 1, 1, 1, device=x.device) < 0.5
    x = torch.where(flip, x.flip(-1), x)
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (1 + 0.2 * draw(1, 1, 1))
    mean = x.mean((1, 2, 3), keepdim=True)
    x = (mean + (x - mean) * (1 + 0.1 * draw(1, 1, 1))) * (1 + 0.06 * draw(1, 1, 1)) * (1 + 0.03 * draw(3, 1, 1))
    soft = F.interpolate(F.avg_pool2d(x, 4), size=x.shape[-2:], mode="bilinear", align_corners=False)
    mild = F.interpolate(F.avg_pool2d(x, 2), size=x.shape[-2:], mode="bilinear", align_corners=False)
    which = torch.rand(n, 1, 1, 1, device=x.device)
    x = torch.where(which < 0.12 * strength, soft, torch.where(which < 0.3 * strength, mild, x))
    noise = torch.rand(n, 1, 1, 1, device=x.device) * 0.08 * strength * (torch.rand(n, 1, 1, 1, device=x.device) < 0.5)
    return (x + torch.randn_like(x) * noise).clamp(0, 1)


def load_tokenizer(where, device):
    """A trained tokenizer from a checkpoint (.pt, averaged weights) or an export folder; None where there is none."""
    where = Path(where) if where else CHECKPOINTS / "tokenizer.pt"
    if where.is_dir():
        config = json.loads((where / "config.json").read_text())["training"]
        model, weights = tokenizer(config), load_safetensors(where / "model.safetensors")
    elif where.exists():
        state = torch.load(where, map_location="cpu")
        model, weights = tokenizer(state["config"]), state["model"]
        names = [n for n, _ in model.named_parameters() if not n.startswith("quantize")]
        weights.update(zip(names, state["average"]))
    else:
        return None
    model.load_state_dict(weights)
    return model.to(device).eval().requires_grad_(False)


class Views:
    """A share of the pictures passes through the tokenizer; of these some are mixed from the tokens of two scenes.

    Mixtures teach an encoder to see half-done edits as half done, which is what token optimisation climbs.
    """

    def __init__(self, composer, size, tokenizer=None, share=0.5, mix=0.0):
        self.composer, self.size, self.tokenizer, self.share, self.mix = composer, size, tokenizer, share, mix

    def __call__(self, labels, strength=1.0):
        """labels -> varied crops (n, 3, size, size), the part t (n,) that comes from another scene, and its row (n,)."""
        picture, _ = self.composer(labels)
        part, other = torch.zeros(len(picture), device=picture.device), torch.arange(len(picture), device=picture.device)
        if self.tokenizer is not None:
            count, mixed_count = int(self.share * len(picture)), int(self.mix * len(picture))
            part[:mixed_count] = torch.rand(mixed_count, device=picture.device)
            other[:mixed_count] = other[:mixed_count].roll(1)
            picture[:count] = self.through(picture[:count], part[:count], other[:count])
        return vary(crop(picture, self.size), strength), part, other

    @torch.no_grad()
    def through(self, picture, part, other):
        with mixed(picture.device):
            z = F.normalize(self.tokenizer.encode(picture), dim=1)
            t = part[:, None, None, None]
            blend = (1 - t) * z + t * z[other]
            swap = torch.where(torch.rand(len(z), 1, 1, z.shape[-1], device=z.device) < t, z[other], z)
            z = torch.where(torch.rand_like(t) < 0.5, blend, swap)
            return self.tokenizer.decode(self.tokenizer.quantize(z)[0]).float().clamp(0, 1)
