"""The pixel decoder of MaskGIT-VQGAN, with its parameter names."""
import torch.nn as nn
import torch.nn.functional as F


def norm(channels):
    return nn.GroupNorm(32, channels, eps=1e-6)


class ResBlock(nn.Module):
    def __init__(self, inner, outer):
        super().__init__()
        self.norm1, self.conv1 = norm(inner), nn.Conv2d(inner, outer, 3, padding=1, bias=False)
        self.norm2, self.conv2 = norm(outer), nn.Conv2d(outer, outer, 3, padding=1, bias=False)
        if inner != outer:
            self.nin_shortcut = nn.Conv2d(outer, outer, 1, bias=False)

    def forward(self, x):
        y = self.conv1(F.silu(self.norm1(x)))
        y = self.conv2(F.silu(self.norm2(y)))
        # The published network feeds its shortcut from the block's output, not from its input.
        return y + (self.nin_shortcut(y) if hasattr(self, "nin_shortcut") else x)


class Level(nn.Module):
    def __init__(self, inner, outer, blocks, last):
        super().__init__()
        self.block = nn.ModuleList([ResBlock(inner if k == 0 else outer, outer) for k in range(blocks)])
        if not last:
            self.upsample_conv = nn.Conv2d(outer, outer, 3, padding=1)

    def forward(self, x):
        for block in self.block:
            x = block(x)
        if hasattr(self, "upsample_conv"):
            x = self.upsample_conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))
        return x


class PixelDecoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        hidden, mult, blocks = c["pixel_hidden"], c["pixel_mult"], c["pixel_blocks"]
        widths = [hidden * m for m in mult]
        self.conv_in = nn.Conv2d(c["pixel_channels"], widths[-1], 3, padding=1)
        self.mid = nn.ModuleList([ResBlock(widths[-1], widths[-1]) for _ in range(blocks)])
        levels = [Level(widths[min(k + 1, len(mult) - 1)], widths[k], blocks, k == 0) for k in range(len(mult))]
        self.up = nn.ModuleList(levels)
        self.norm_out = norm(widths[0])
        self.conv_out = nn.Conv2d(widths[0], 3, 3, padding=1)

    def forward(self, x):
        x = self.conv_in(x)
        for block in self.mid:
            x = block(x)
        for level in reversed(self.up):
            x = level(x)
        return self.conv_out(F.silu(self.norm_out(x)))
