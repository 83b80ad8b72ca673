"""Scene composer: scene number i of seed s is a pure function, computed in batches on the CPU or the GPU.

A label is one int64 row (see domain.COLUMNS); pixels follow from the label alone. Which scenes are held out is decided by a hash of
(subject, style, background, light, size, focus): no training scene shares that combination with a held-out one.
"""
import functools
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from .backgrounds import gaussian, index_of, render_bank
from .domain import (BACKGROUNDS, COLOURS, COLUMN, COLUMNS, IMAGE, LIGHT_PLAIN, LIGHT_SPACE, PLAIN, ROOT, SIZE_PX, SPACE,
                     SPRITE, STEP, STYLES, SUBJECTS, VARIANTS)

SPRITES = ROOT / "sprites" / "sprites.npz"
BANK = ROOT / "checkpoints" / "backgrounds.npy"  # a cache; rendered anew where absent
HELD_OUT = 16  # one combination in sixteen
TINTS = [(1, 1, 1), (1.0, 0.84, 0.70), (0.62, 0.67, 0.88), (0.92, 0.92, 1.0)] + [(1, 1, 1)] * len(COLOURS)
LOW_QUALITY = 2.4  # standard deviation in pixels of the blur over a low-quality picture


def mix(x):
    """A 32-bit integer hash (lowbias32) on int64 tensors; the same on every device."""
    mask = 0xFFFFFFFF
    x = (x ^ (x >> 16)) * 0x7FEB352D & mask
    x = (x ^ (x >> 15)) * 0x846CA68B & mask
    return x ^ (x >> 16)


def draw(seed, index, field, attempt=0):
    """Uniform int64 in 0 .. 2^32 - 1 for scene numbers `index`."""
    return mix(mix(mix(index & 0xFFFFFFFF) ^ (seed * 0x9E3779B1 + field * 0x85EBCA77 & 0xFFFFFFFF)) + attempt * 0xC2B2AE3D & 0xFFFFFFFF)


def below(bits, n):
    return bits * n >> 32


def combination(labels):
    """A hash (n,) of what the split is made by: subject, style, background, light, size, focus."""
    key = torch.zeros_like(labels[:, 0])
    for name in ("subject", "style", "background", "light", "size", "focus"):
        key = mix(key * 131 + labels[:, COLUMN[name]] + 1 & 0xFFFFFFFF)
    return key


def is_held_out(labels):
    return combination(labels) % HELD_OUT == 0


def place(label):
    """Fills x and y (multiples of STEP, upper left corner of the sprite) from the draws already stored there."""
    size = torch.tensor(SIZE_PX, device=label.device)[label[:, COLUMN["size"]]]
    x = below(label[:, COLUMN["x"]], (IMAGE - size) // STEP + 1) * STEP
    floor = (IMAGE - STEP - size) - below(label[:, COLUMN["y"]], 1 + (IMAGE - size) // 24) * STEP  # standing on the ground
    air = below(label[:, COLUMN["y"]], (IMAGE - size) // STEP + 1) * STEP
    flying = label[:, COLUMN["background"]] >= SPACE
    label[:, COLUMN["x"]], label[:, COLUMN["y"]] = x, torch.where(flying, air, floor)


def draw_labels(seed, index, attempt, narrow):
    u = lambda field: draw(seed, index, field, attempt)
    pick = lambda bits, shares: sum((bits >= int(edge * 2 ** 32)).long() for edge in np.cumsum(shares)[:-1])
    background = below(u(2), len(BACKGROUNDS))
    light = torch.where(background < SPACE, below(u(3), 3),
                        torch.where(background == SPACE, torch.full_like(background, LIGHT_SPACE), LIGHT_PLAIN + below(u(3), len(COLOURS))))
    variant = torch.where(background == PLAIN, torch.zeros_like(background), below(u(4), VARIANTS))
    mirror = torch.where(background == PLAIN, torch.zeros_like(background), u(5) >> 31)
    focus = pick(u(7), (0.7, 0.2, 0.1))
    focus = torch.where((background == PLAIN) & (focus == 1), torch.zeros_like(focus), focus)
    columns = [below(u(0), len(SUBJECTS)), below(u(1), len(STYLES)), background, light, variant, mirror,
               pick(u(6), (0.25, 0.3, 0.45)), focus, u(8) >> 31, u(9), u(10)]
    labels = torch.stack(columns, 1)
    if narrow > 0:  # the easy beginning of the curriculum: large, sharp, one style, unmirrored
        easy = draw(seed, index, 11) < int(narrow * 2 ** 32)
        for name, value in (("style", 0), ("size", 2), ("focus", 0), ("flip", 0), ("mirror", 0)):
            labels[easy, COLUMN[name]] = value
    place(labels)
    return labels


def sample_labels(seed, start, count, held_out=False, narrow=0.0, device="cpu"):
    """Labels of scenes start .. start + count - 1, redrawn until they fall on the wanted side of the split."""
    index = torch.arange(start, start + count, device=device)
    labels = draw_labels(seed, index, 0, narrow)
    for attempt in range(1, 400):
        wrong = (is_held_out(labels) != held_out).nonzero()[:, 0]
        if not len(wrong):
            break
        labels[wrong] = draw_labels(seed, index[wrong], attempt, narrow)
    return labels


class Labels:
    """Training labels batch by batch; drawn many batches at a time where that saves calls."""

    def __init__(self, seed, device, chunk=None):
        self.seed, self.device = seed, torch.device(device)
        self.chunk = chunk or (32_768 if self.device.type == "cuda" else 256)
        self.first, self.labels = 0, torch.zeros(0, len(COLUMNS), dtype=torch.long)

    def __call__(self, start, count, narrow=0.0):
        at = start - self.first
        if at < 0 or at + count > len(self.labels):
            self.first, at = start, 0
            self.labels = sample_labels(self.seed, start, max(count, self.chunk), narrow=narrow, device=self.device)
        return self.labels[at:at + count]


def resample(sprites, size):
    """Premultiplied float sprites (n, 4, 96, 96) to size x size with a triangle filter."""
    scale = SPRITE / size
    centre = (torch.arange(size) + 0.5) * scale - 0.5
    weight = (1 - (torch.arange(SPRITE)[None] - centre[:, None]).abs() / scale).clamp(min=0)
    weight = weight / weight.sum(1, keepdim=True)
    return torch.einsum("ay,ncyx,bx->ncab", weight, sprites, weight)


@functools.lru_cache(maxsize=1)
def sprite_atlas():
    """int32 (subjects * styles * sizes * 2 flips, 96 * 96 + 1): premultiplied RGBA packed in one word; the last word is clear."""
    sprites = torch.from_numpy(np.load(SPRITES)["sprites"]).flatten(0, 1).permute(0, 3, 1, 2).float()
    sprites = torch.cat([sprites[:, :3] * sprites[:, 3:] / 255, sprites[:, 3:]], 1)
    sheets = []
    for size in SIZE_PX:
        small = sprites if size == SPRITE else resample(sprites, size)
        small = F.pad(small, (0, SPRITE - size, 0, SPRITE - size))
        flipped = F.pad(small[..., :size].flip(-1), (0, SPRITE - size))
        sheets.append(torch.stack([small, flipped], 1))
    atlas = (torch.stack(sheets, 1).clamp(0, 255) + 0.5).long()  # n, sizes, flips, 4, 96, 96
    packed = atlas[:, :, :, 0] | atlas[:, :, :, 1] << 8 | atlas[:, :, :, 2] << 16 | atlas[:, :, :, 3] << 24
    packed = torch.where(packed >= 2 ** 31, packed - 2 ** 32, packed).int().flatten(0, 2).flatten(1)
    return F.pad(packed, (0, 1)).contiguous()


@functools.lru_cache(maxsize=1)
def background_bank():
    """uint8 (84, 2 sharp/blurred, 2 mirrored, 3, 128, 128)."""
    if BANK.exists():
        bank = np.load(BANK)
    else:
        bank = render_bank()
        BANK.parent.mkdir(exist_ok=True)
        scratch = BANK.with_suffix(f".{np.random.default_rng().integers(1 << 30)}.npy")
        np.save(scratch, bank)
        scratch.rename(BANK)
    bank = torch.from_numpy(bank)
    return torch.stack([bank, bank.flip(-1)], 2)


class Composer:
    """Turns labels into pictures on one device."""

    def __init__(self, device="cpu"):
        self.device = torch.device(device)
        self.bank = background_bank().to(self.device)
        self.atlas = sprite_atlas().to(self.device)
        self.tints = torch.tensor(TINTS, dtype=torch.float32, device=self.device)
        self.sizes = torch.tensor(SIZE_PX, device=self.device)
        self.axis = torch.arange(IMAGE, device=self.device)

    @torch.no_grad()
    def __call__(self, labels):
        """labels (n, 11) -> pictures (n, 3, 128, 128) in 0..1 and the subject's coverage (n, 1, 128, 128)."""
        c = dict(zip(COLUMNS, labels.unbind(1)))
        rows = index_of(c["background"], c["light"], c["variant"])
        picture = self.bank[rows, (c["focus"] == 1).long(), c["mirror"]].float() / 255
        size = self.sizes[c["size"]]
        dx, dy = self.axis[None] - c["x"][:, None], self.axis[None] - c["y"][:, None]
        picture *= 1 - self.shadow(dx, dy, size, c["background"])[:, None]
        inside = ((dx >= 0) & (dx < size[:, None]))[:, None, :] & ((dy >= 0) & (dy < size[:, None]))[:, :, None]
        cell = torch.where(inside, dy[:, :, None] * SPRITE + dx[:, None, :], SPRITE * SPRITE)
        row = ((c["subject"] * len(STYLES) + c["style"]) * len(SIZE_PX) + c["size"]) * 2 + c["flip"]
        words = self.atlas.view(-1)[row[:, None, None] * self.atlas.shape[1] + cell]
        channel = lambda k: (words >> 8 * k & 255).float() / 255
        alpha = channel(3)[:, None]
        tint = self.tints[c["light"]][:, :, None, None]
        picture = picture * (1 - alpha) + torch.stack([channel(0), channel(1), channel(2)], 1) * tint
        poor = c["focus"] == 2
        if picture.is_cuda:  # no wait for the device
            return torch.where(poor[:, None, None, None], self.blur(picture), picture), alpha
        if poor.any():
            picture[poor] = self.blur(picture[poor])
        return picture, alpha

    @staticmethod
    def shadow(dx, dy, size, background):
        """A soft ellipse under the subject's feet; none in space."""
        half = size[:, None].float()
        x = ((dx + 0.5 - half / 2) / (0.46 * half)) ** 2
        y = ((dy + 0.5 - 0.98 * half) / (0.075 * half)) ** 2
        depth = (1 - x[:, None, :] - y[:, :, None]).clamp(0, 1)
        return 0.42 * depth * (background != SPACE).float()[:, None, None]

    @staticmethod
    def blur(picture):
        taps = torch.tensor(gaussian(LOW_QUALITY), dtype=torch.float32, device=picture.device)
        radius, n = len(taps) // 2, len(picture)
        flat = F.pad(picture, (radius,) * 4, mode="replicate").flatten(0, 1)[:, None]
        flat = F.conv2d(F.conv2d(flat, taps.view(1, 1, 1, -1)), taps.view(1, 1, -1, 1))
        return flat.view(n, 3, IMAGE, IMAGE)
