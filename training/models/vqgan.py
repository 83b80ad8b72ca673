"""MaskGIT-VQGAN, with its parameter names: the pixel decoder of TiTok's other head, and a tokenizer with a grid of tokens."""
import torch.nn as nn
import torch.nn.functional as F

from .quantiser import Quantiser


class Norm(nn.GroupNorm):
    """In float32: PyTorch 1.13 has no group norm of bfloat16 on the CPU."""

    def forward(self, x):
        return super().forward(x.float())


def norm(channels):
    return Norm(32, channels, eps=1e-6)


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


class Down(nn.Module):
    def __init__(self, inner, outer, blocks):
        super().__init__()
        self.block = nn.ModuleList([ResBlock(inner if k == 0 else outer, outer) for k in range(blocks)])

    def forward(self, x):
        for block in self.block:
            x = block(x)
        return x


class PixelEncoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        blocks, widths = c["pixel_blocks"], [c["pixel_hidden"] * m for m in c["pixel_mult"]]
        self.conv_in = nn.Conv2d(3, widths[0], 3, padding=1, bias=False)
        self.down = nn.ModuleList([Down(widths[max(0, k - 1)], width, blocks) for k, width in enumerate(widths)])
        self.mid = nn.ModuleList([ResBlock(widths[-1], widths[-1]) for _ in range(blocks)])
        self.norm_out = norm(widths[-1])
        self.conv_out = nn.Conv2d(widths[-1], c["pixel_channels"], 1)

    def forward(self, x):
        x = self.conv_in(x)
        for k, level in enumerate(self.down):
            x = level(x)
            if k < len(self.down) - 1:
                x = F.avg_pool2d(x, 2)
        for block in self.mid:
            x = block(x)
        return self.conv_out(F.silu(self.norm_out(x)))


class Vqgan(nn.Module):
    """A tokenizer whose tokens are a grid, row by row; the interface of TiTok."""

    def __init__(self, c):
        super().__init__()
        self.config, self.side = c, int(c["tokens"] ** 0.5)
        self.encoder, self.decoder = PixelEncoder(c), PixelDecoder(c)
        self.quantize = Quantiser(c["codebook"], c["token_size"])

    def encode(self, image):
        """image (n, 3, h, w) in 0..1 -> (n, token_size, 1, tokens)."""
        return self.encoder(image).flatten(2)[:, :, None].float()

    def decode(self, quantised):
        return self.decoder(quantised.reshape(*quantised.shape[:2], self.side, self.side)).float()
