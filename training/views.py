"""Training views of scenes for the encoders: crops, flips, colour and noise, and reconstructions by the tokenizer."""
import json
from pathlib import Path

import torch
import torch.nn.functional as F

from .device import mixed
from .domain import IMAGE
from .files import CHECKPOINTS, load_safetensors
from .measure import reconstruct
from .models.titok import TiTok


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
        model, weights = TiTok(config), load_safetensors(where / "model.safetensors")
    elif where.exists():
        state = torch.load(where, map_location="cpu")
        model, weights = TiTok(state["config"]), state["model"]
        names = [n for n, _ in model.named_parameters() if not n.startswith("quantize")]
        weights.update(zip(names, state["average"]))
    else:
        return None
    model.load_state_dict(weights)
    return model.to(device).eval().requires_grad_(False)


class Views:
    def __init__(self, composer, size, tokenizer=None, share=0.5):
        self.composer, self.size, self.tokenizer, self.share = composer, size, tokenizer, share

    def __call__(self, labels, strength=1.0):
        """labels -> varied crops (n, 3, size, size); a share of the pictures passes through the tokenizer first."""
        picture, _ = self.composer(labels)
        if self.tokenizer is not None:
            count = int(self.share * len(picture))
            picture[:count] = reconstruct(self.tokenizer, picture[:count])
        return vary(crop(picture, self.size), strength)
