"""The independent judge: a plain convolutional classifier; batch norms are folded into the convolutions on export."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from ..domain import BACKGROUNDS, COLOURS, FOCUS, LIGHT_PLAIN, SIZES, STYLES, SUBJECTS

HEADS = {"subject": len(SUBJECTS), "background": len(BACKGROUNDS), "light": LIGHT_PLAIN + len(COLOURS), "style": len(STYLES),
         "size": len(SIZES), "focus": len(FOCUS)}


def kernels(c):
    """Kernel, stride and padding of every folded layer."""
    pool = c.get("pool", 1)
    first = dict(kernel=3 * pool, stride=2 * pool, padding=pool)
    return [first if (k, s) == (0, 2) else dict(kernel=3, stride=s, padding=1) for k in range(len(c["widths"])) for s in (2, 1)]


class Judge(nn.Module):
    """Pictures in 0..1, 128 px -> {head: logits}. Mean over `pool` x `pool` pixels, then convolutions 3 x 3 (padding 1, stride 2 and 1 in turn), each with ReLU; mean over places."""

    def __init__(self, c):
        super().__init__()
        widths, layers, before, self.pool = c["widths"], [], 3, c.get("pool", 1)
        for width in widths:
            for stride in (2, 1):
                layers.append(nn.Sequential(nn.Conv2d(before, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)))
                before = width
        self.layers = nn.ModuleList(layers)
        self.heads = nn.ModuleDict({name: nn.Linear(before, size) for name, size in HEADS.items()})

    def forward(self, picture):
        x = F.avg_pool2d(picture, self.pool) * 2 - 1
        for layer in self.layers:
            x = F.relu(layer(x))
        x = x.mean((2, 3)).float()
        return {name: head(x) for name, head in self.heads.items()}

    @torch.no_grad()
    def folded(self):
        """Inference weights, without pooling (see `kernels`): layers.N.weight, layers.N.bias, heads.NAME.weight, heads.NAME.bias."""
        out = {}
        for k, (conv, norm) in enumerate(self.layers):
            gain = norm.weight / (norm.running_var + norm.eps).sqrt()
            weight = conv.weight * gain[:, None, None, None]
            if k == 0 and self.pool > 1:  # the mean over pixels becomes part of the first kernel
                weight = weight.repeat_interleave(self.pool, 2).repeat_interleave(self.pool, 3) / self.pool ** 2
            out[f"layers.{k}.weight"] = weight
            out[f"layers.{k}.bias"] = norm.bias - norm.running_mean * gain
        for name, head in self.heads.items():
            out[f"heads.{name}.weight"], out[f"heads.{name}.bias"] = head.weight, head.bias
        return out

    @torch.no_grad()
    def unfold(self, weights):
        """Loads inference weights: each norm becomes the identity plus the folded bias."""
        for k, (conv, norm) in enumerate(self.layers):
            weight = weights[f"layers.{k}.weight"]
            if k == 0 and self.pool > 1:
                weight = F.avg_pool2d(weight, self.pool) * self.pool ** 2
            conv.weight.copy_(weight)
            norm.weight.fill_((1 + norm.eps) ** 0.5)
            norm.bias.copy_(weights[f"layers.{k}.bias"])
        for name, head in self.heads.items():
            head.weight.copy_(weights[f"heads.{name}.weight"])
            head.bias.copy_(weights[f"heads.{name}.bias"])
