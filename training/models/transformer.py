"""Pre-norm transformer blocks with the parameter names of open_clip and TiTok."""
import torch
import torch.nn as nn
import torch.nn.functional as F

FUSED = hasattr(F, "scaled_dot_product_attention")


def attention(q, k, v, mask=None):
    """q, k, v (batch, heads, length, channels); mask is added to the logits."""
    if FUSED and q.is_cuda:
        return F.scaled_dot_product_attention(q, k, v, attn_mask=None if mask is None else mask.to(q.dtype))
    logits = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    return (logits if mask is None else logits + mask).softmax(-1).to(v.dtype) @ v


class Attention(nn.Module):
    """Self-attention with the names of nn.MultiheadAttention."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(torch.randn(3 * width, width) * width ** -0.5)
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x, mask=None):
        batch, length, width = x.shape
        qkv = F.linear(x, self.in_proj_weight, self.in_proj_bias).view(batch, length, 3, self.heads, width // self.heads)
        y = attention(*qkv.permute(2, 0, 3, 1, 4), mask)
        return self.out_proj(y.transpose(1, 2).reshape(batch, length, width))


class MLP(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc, self.c_proj = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1, self.attn, self.ln_2, self.mlp = nn.LayerNorm(width), Attention(width, heads), nn.LayerNorm(width), MLP(width)

    def forward(self, x, mask=None):
        x = x + self.attn(self.ln_1(x), mask)
        return x + self.mlp(self.ln_2(x))


def initialise(blocks):
    """Residual outputs scaled down with depth."""
    depth = len(blocks)
    for name, p in blocks.named_parameters():
        if p.ndim == 2:
            last = "out_proj" in name or "c_proj" in name
            nn.init.normal_(p, std=p.shape[1] ** -0.5 * ((2 * depth) ** -0.5 if last else 1))


def patches(x, size):
    """(n, c, h, w) -> (n, h/size * w/size, c * size * size), channel first as in a convolution kernel."""
    n, c, h, w = x.shape
    return x.view(n, c, h // size, size, w // size, size).permute(0, 2, 4, 1, 3, 5).reshape(n, -1, c * size * size)


def sincos(width, places, scale=1.0):
    """Two-dimensional sine and cosine features of places (n, 2) given in cells."""
    rate = 1 / (60.0 ** (torch.arange(width // 4) / (width // 4))) * scale
    a, b = places[:, :1] * rate, places[:, 1:] * rate
    return torch.cat([a.sin(), a.cos(), b.sin(), b.cos()], 1)


def grid_places(side, step=1.0, offset=0.0):
    """Row-major (x, y) of a square grid."""
    y, x = torch.meshgrid(torch.arange(side).float(), torch.arange(side).float(), indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], 1) * step + offset
