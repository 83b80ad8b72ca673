"""SigLIP with the parameter names of its Hugging Face port: tanh GELU, attention-pooling head, text pooled at the last place."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from .transformer import attention, grid_places, patches, sincos

EPS = 1e-6


class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.k_proj, self.v_proj, self.q_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x):
        n, length, width = x.shape
        split = lambda y: y.view(n, length, self.heads, width // self.heads).transpose(1, 2)
        y = attention(split(self.q_proj(x)), split(self.k_proj(x)), split(self.v_proj(x)))
        return self.out_proj(y.transpose(1, 2).reshape(n, length, width))


def gelu(x):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.gelu(x, approximate="tanh")
    return 0.5 * x * (1 + torch.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))


class MLP(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x):
        return self.fc2(gelu(self.fc1(x)))


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.self_attn, self.mlp = SelfAttention(width, heads), MLP(width, 4 * width)
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(width, eps=EPS), nn.LayerNorm(width, eps=EPS)

    def forward(self, x):
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class Layers(nn.Module):
    def __init__(self, width, heads, layers):
        super().__init__()
        self.layers = nn.ModuleList([Layer(width, heads) for _ in range(layers)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class PoolAttention(nn.Module):
    """One probe over all places, with the names of nn.MultiheadAttention."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(width ** -0.5 * torch.randn(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)

    def forward(self, probe, x):
        n, length, width = x.shape
        wq, wk, wv = self.in_proj_weight.chunk(3)
        bq, bk, bv = self.in_proj_bias.chunk(3)
        split = lambda y: y.view(n, -1, self.heads, width // self.heads).transpose(1, 2)
        y = attention(split(F.linear(probe, wq, bq)), split(F.linear(x, wk, bk)), split(F.linear(x, wv, bv)))
        return self.out_proj(y.transpose(1, 2).reshape(n, 1, width))


class Head(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.probe = nn.Parameter(torch.randn(1, 1, width))
        self.attention, self.layernorm, self.mlp = PoolAttention(width, heads), nn.LayerNorm(width, eps=EPS), MLP(width, 4 * width)

    def forward(self, x):
        pooled = self.attention(self.probe.expand(len(x), -1, -1), x).float()
        return (pooled + self.mlp(self.layernorm(pooled)))[:, 0]


class Embeddings(nn.Module):
    def __init__(self, places, width, patch=None, words=None):
        super().__init__()
        self.patch = patch
        if patch:
            self.patch_embedding = nn.Conv2d(3, width, patch, patch)
        else:
            self.token_embedding = nn.Embedding(words, width)
            nn.init.normal_(self.token_embedding.weight, std=0.1)
        self.position_embedding = nn.Embedding(places, width)
        nn.init.normal_(self.position_embedding.weight, std=0.02)
        if patch:
            self.position_embedding.weight.data += 0.3 * sincos(width, grid_places(int(places ** 0.5)))

    def forward(self, x):
        if self.patch:
            x = F.linear(patches(x, self.patch), self.patch_embedding.weight.flatten(1), self.patch_embedding.bias).float()
        else:
            x = self.token_embedding(x)
        return x + self.position_embedding.weight


class VisionModel(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embeddings = Embeddings((c["image"] // c["patch"]) ** 2, c["width"], patch=c["patch"])
        self.encoder = Layers(c["width"], c["heads"], c["layers"])
        self.post_layernorm, self.head = nn.LayerNorm(c["width"], eps=EPS), Head(c["width"], c["heads"])

    def forward(self, x):
        return self.head(self.post_layernorm(self.encoder(self.embeddings(x))))


class TextModel(nn.Module):
    def __init__(self, c, words):
        super().__init__()
        self.embeddings = Embeddings(c["context"], c["width"], words=words)
        self.encoder = Layers(c["width"], c["heads"], max(1, c["layers"] - 2))
        self.final_layer_norm, self.head = nn.LayerNorm(c["width"], eps=EPS), nn.Linear(c["width"], c["width"])

    def forward(self, ids):
        return self.head(self.final_layer_norm(self.encoder(self.embeddings(ids)))[:, -1])


class SigLIP(nn.Module):
    def __init__(self, c, words):
        super().__init__()
        self.vision_model, self.text_model = VisionModel(c), TextModel(c, words)
        self.logit_scale = nn.Parameter(torch.tensor([math.log(10.0)]))
        self.logit_bias = nn.Parameter(torch.tensor([-6.0]))

    def features(self, picture):
        """Pictures in 0..1 (normalised here with mean and deviation 0.5)."""
        return self.vision_model(picture * 2 - 1)

    def embed(self, features):
        return F.normalize(features.float(), dim=-1)

    def encode_image(self, picture):
        return self.embed(self.features(picture))

    def encode_text(self, ids):
        return F.normalize(self.text_model(ids).float(), dim=-1)
