"""Reconstruction losses of the tokenizer and the temporary heads on its tokens."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from .domain import BACKGROUNDS, COLOURS, COLUMN, LIGHT_PLAIN, STYLES, SUBJECTS
from .models.transformer import patches

SUBJECT_WEIGHT = 2.0  # extra weight of a pixel the subject covers


def cell_pixels(x, size):
    """(n, c, h, w) -> (n, cells, size, size, c), the layout of the direct-pixel head."""
    n, c, h, w = x.shape
    return x.view(n, c, h // size, size, w // size, size).permute(0, 2, 4, 3, 5, 1).reshape(n, -1, size, size, c)


def choose_cells(cover, size, count):
    """Random cells (n, count), those under the subject two and a half times as eager."""
    weight = 1 + 1.5 * patches(cover, size).mean(-1)
    return (torch.rand_like(weight) * weight).topk(count, 1).indices


def on_cells(guess, image, cover, cells, size, edges):
    """Loss over some cells. guess (n, k, size * size * 3)."""
    n, k = cells.shape
    pick = cells[:, :, None, None, None].expand(-1, -1, size, size, -1)
    target = cell_pixels(image, size).gather(1, pick.expand(-1, -1, -1, -1, 3))
    weight = 1 + SUBJECT_WEIGHT * cell_pixels(cover, size).gather(1, pick)
    error = guess.view(n, k, size, size, 3) - target
    dx = ((error[:, :, :, 1:] - error[:, :, :, :-1]).abs() * weight[:, :, :, 1:]).mean()
    dy = ((error[:, :, 1:] - error[:, :, :-1]).abs() * weight[:, :, 1:]).mean()
    coarse = error.view(n, k, size // 4, 4, size // 4, 4, 3).mean((3, 5)).abs().mean()
    return 0.6 * (weight * error.abs()).mean() + 4 * (weight * error * error).mean() + 0.5 * coarse + edges * (dx + dy)


def on_picture(guess, image, cover, edges):
    """Loss over whole pictures; the edge term also sees the borders between patches."""
    weight, error = 1 + SUBJECT_WEIGHT * cover, guess - image
    dx = ((error[..., 1:] - error[..., :-1]).abs() * weight[..., 1:]).mean()
    dy = ((error[..., 1:, :] - error[..., :-1, :]).abs() * weight[..., 1:, :]).mean()
    coarse = F.avg_pool2d(error, 4).abs().mean()
    return 0.6 * (weight * error.abs()).mean() + 4 * (weight * error * error).mean() + 0.5 * coarse + edges * (dx + dy)


def mixed_tokens(tokens):
    """Tokens (n, channels, 1, count) of every picture with a random share (0 to 1) replaced by those of its neighbour in the batch.

    Stands for what an edit makes: tokens that the encoder gives for no picture.
    """
    n, count = len(tokens), tokens.shape[-1]
    swap = torch.rand(n, 1, 1, count, device=tokens.device) < torch.rand(n, 1, 1, 1, device=tokens.device)
    return torch.where(swap, tokens.roll(1, 0), tokens)


def border_ratio(picture, size):
    """How much steeper pictures are across the borders of the patches than inside; 1 is no grid. A scalar, 1 or more.

    Mean over the pictures and over three scales: a border that is blurred over four pixels is still one.
    """
    ratios = []
    for scale in (1, 2, 4):
        small = F.avg_pool2d(picture, scale)
        dx, dy = (small[..., 1:] - small[..., :-1]).abs(), (small[..., 1:, :] - small[..., :-1, :]).abs()
        at = torch.arange(1, small.shape[-1], device=picture.device) % (size // scale) == 0
        across = dx[..., at].mean((1, 2, 3)) + dy[..., at, :].mean((1, 2, 3))
        within = dx[..., ~at].mean((1, 2, 3)) + dy[..., ~at, :].mean((1, 2, 3))
        # The borders have to become smoother, not the patches rougher: no gradient through `within`.
        ratios.append((across / (within.detach() + 1e-3)).clamp(min=1).mean())
    return sum(ratios) / len(ratios)


class Hints(nn.Module):
    """Linear readings of the tokens that speed up the beginning: labels, the subject's mask, a thumbnail."""

    def __init__(self, channels):
        super().__init__()
        sizes = (len(SUBJECTS), len(STYLES), len(BACKGROUNDS), LIGHT_PLAIN + len(COLOURS), 256, 768)
        self.heads = nn.ModuleList([nn.Linear(channels, size) for size in sizes])

    def forward(self, z, image, cover, labels):
        flat = 4 * z.flatten(1)
        out = [head(flat) for head in self.heads]
        classes = [F.cross_entropy(out[k], labels[:, COLUMN[name]]) for k, name in enumerate(("subject", "style", "background", "light"))]
        mask = F.binary_cross_entropy_with_logits(out[4], F.avg_pool2d(cover, 8).flatten(1).clamp(0, 1))
        thumbnail = ((out[5].view(-1, 3, 16, 16) - F.avg_pool2d(image, 8)) ** 2).mean()
        return 0.5 * classes[0] + 0.2 * classes[1] + 0.4 * classes[2] + 0.4 * classes[3] + 6 * mask + 30 * thumbnail, classes[0]
