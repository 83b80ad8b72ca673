"""CLIP with the parameter names of open_clip: exact GELU, class token, causal text tower pooled at the highest word id."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from .transformer import Block, grid_places, initialise, patches, sincos

MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


class Tower(nn.Module):
    def __init__(self, width, heads, layers):
        super().__init__()
        self.resblocks = nn.ModuleList([Block(width, heads) for _ in range(layers)])
        initialise(self.resblocks)

    def forward(self, x, mask=None):
        for block in self.resblocks:
            x = block(x, mask)
        return x


class Visual(nn.Module):
    def __init__(self, c):
        super().__init__()
        width, self.patch, grid = c["width"], c["patch"], c["image"] // c["patch"]
        self.conv1 = nn.Conv2d(3, width, self.patch, self.patch, bias=False)
        self.class_embedding = nn.Parameter(width ** -0.5 * torch.randn(width))
        places = torch.cat([torch.zeros(1, width), 0.3 * sincos(width, grid_places(grid))])
        self.positional_embedding = nn.Parameter(places + 0.3 * width ** -0.5 * torch.randn(grid ** 2 + 1, width))
        self.ln_pre, self.transformer, self.ln_post = nn.LayerNorm(width), Tower(width, c["heads"], c["layers"]), nn.LayerNorm(width)
        self.proj = nn.Parameter(width ** -0.5 * torch.randn(width, c["embed"]))

    def features(self, x):
        """Normalised pictures (n, 3, image, image) -> (n, width)."""
        x = F.linear(patches(x, self.patch), self.conv1.weight.flatten(1)).float()
        x = torch.cat([self.class_embedding.expand(len(x), 1, -1), x], 1) + self.positional_embedding
        return self.ln_post(self.transformer(self.ln_pre(x))[:, 0])


class CLIP(nn.Module):
    def __init__(self, c, words):
        super().__init__()
        width = c["text_width"]
        self.visual = Visual(c)
        self.token_embedding = nn.Embedding(words, width)
        nn.init.normal_(self.token_embedding.weight, std=0.1)
        self.positional_embedding = nn.Parameter(0.01 * torch.randn(c["context"], width))
        self.transformer, self.ln_final = Tower(width, c["text_heads"], c["text_layers"]), nn.LayerNorm(width)
        self.text_projection = nn.Parameter(width ** -0.5 * torch.randn(width, c["embed"]))
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        self.register_buffer("mask", torch.full((c["context"], c["context"]), float("-inf")).triu_(1), persistent=False)
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1), persistent=False)

    def features(self, picture):
        return self.visual.features((picture - self.mean) / self.std)

    def embed(self, features):
        return F.normalize((features @ self.visual.proj).float(), dim=-1)

    def encode_image(self, picture):
        """Pictures in 0..1 of the tower's own size -> unit vectors."""
        return self.embed(self.features(picture))

    def encode_text(self, ids):
        x = self.token_embedding(ids) + self.positional_embedding
        x = self.ln_final(self.transformer(x, self.mask.to(x.dtype)))
        last = x[torch.arange(len(ids), device=ids.device), ids.argmax(-1)]
        return F.normalize((last @ self.text_projection).float(), dim=-1)
