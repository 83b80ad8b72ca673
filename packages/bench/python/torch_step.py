"""One optimisation step in PyTorch, to compare with: TiTok's decoder, a straight-through quantiser, random crops, CLIP's
image tower, Adam, moving average, noise and regularisation, on the same weight files.

Reads one JSON object a line from standard input and answers each with one. The first line is the job:
{tokenizer, clip: paths of safetensors files; config; threads; frozen; plan: {learningRate, noise, regularisation, ema}}.
Then {"do": "gradient" | "step" | "memory", ...}; see `answer`. Needs numpy and torch (1.13 or 2.x), nothing else.
"""
import json
import resource
import sys
import time
from collections import OrderedDict

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

EPSILON = 1e-5
DTYPES = {"F32": np.float32, "F16": np.float16}


class Checkpoint:
    """Tensors of a safetensors file, read one at a time."""

    def __init__(self, path):
        self.path = path
        with open(path, "rb") as file:
            size = int.from_bytes(file.read(8), "little")
            self.entries = json.loads(file.read(size))
        self.start = 8 + size

    def read(self, name):
        entry = self.entries[name]
        begin, end = entry["data_offsets"]
        dtype = np.dtype(DTYPES[entry["dtype"]])
        data = np.fromfile(self.path, dtype, (end - begin) // dtype.itemsize, offset=self.start + begin)
        return torch.from_numpy(data.astype(np.float32, copy=False)).reshape(entry["shape"])

    def load(self, module, prefix):
        """Fills the parameters of `module` from the tensors under `prefix`; each must be there."""
        with torch.no_grad():
            for name, parameter in module.named_parameters():
                parameter.copy_(self.read(prefix + name))
        return module


class Block(nn.Module):
    """Pre-norm residual attention block; sequence first, as torch's attention reads it."""

    def __init__(self, width, heads):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width, eps=EPSILON)
        self.attn = nn.MultiheadAttention(width, heads)
        self.ln_2 = nn.LayerNorm(width, eps=EPSILON)
        layers = [("c_fc", nn.Linear(width, 4 * width)), ("gelu", nn.GELU()), ("c_proj", nn.Linear(4 * width, width))]
        self.mlp = nn.Sequential(OrderedDict(layers))

    def forward(self, x):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.ln_2(x))


def blocks(shape):
    return nn.ModuleList([Block(shape["width"], shape["heads"]) for _ in range(shape["layers"])])


def through(layers, x):
    """[B, L, W] through blocks that read [L, B, W]."""
    x = x.permute(1, 0, 2)
    for layer in layers:
        x = layer(x)
    return x.permute(1, 0, 2)


def parameter(*shape):
    return nn.Parameter(torch.empty(*shape))


class ResnetBlock(nn.Module):
    def __init__(self, width, out):
        super().__init__()
        self.norm1 = nn.GroupNorm(32, width, eps=1e-6)
        self.conv1 = nn.Conv2d(width, out, 3, padding=1, bias=False)
        self.norm2 = nn.GroupNorm(32, out, eps=1e-6)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1, bias=False)
        if width != out:
            self.nin_shortcut = nn.Conv2d(out, out, 1, bias=False)

    def forward(self, x):
        y = self.conv2(F.silu(self.norm2(self.conv1(F.silu(self.norm1(x))))))
        return y + (self.nin_shortcut(y) if hasattr(self, "nin_shortcut") else x)


class Level(nn.Module):
    def __init__(self, width, out, count, last):
        super().__init__()
        self.block = nn.ModuleList([ResnetBlock(width if i == 0 else out, out) for i in range(count)])
        if not last:
            self.upsample_conv = nn.Conv2d(out, out, 3, padding=1)

    def forward(self, x):
        for block in self.block:
            x = block(x)
        if hasattr(self, "upsample_conv"):
            x = self.upsample_conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))
        return x


class PixelDecoder(nn.Module):
    """MaskGIT-VQGAN's decoder."""

    def __init__(self, config):
        super().__init__()
        widths = [config["hiddenChannels"] * m for m in config["channelMult"]]
        count = config["resBlocks"]
        self.conv_in = nn.Conv2d(config["zChannels"], widths[-1], 3, padding=1)
        self.mid = nn.ModuleList([ResnetBlock(widths[-1], widths[-1]) for _ in range(count)])
        into = widths[1:] + widths[-1:]
        self.up = nn.ModuleList([Level(into[i], widths[i], count, i == 0) for i in range(len(widths))])
        self.norm_out = nn.GroupNorm(32, widths[0], eps=1e-6)
        self.conv_out = nn.Conv2d(widths[0], 3, 3, padding=1)

    def forward(self, x):
        x = self.conv_in(x)
        for block in self.mid:
            x = block(x)
        for level in reversed(self.up):
            x = level(x)
        return self.conv_out(F.silu(self.norm_out(x)))


class TokenDecoder(nn.Module):
    """TiTok's decoder up to its head: a pixel head, or logits over the VQGAN's codes."""

    def __init__(self, config):
        super().__init__()
        width = config["decoder"]["width"]
        self.grid = config["imageSize"] // config["decoderPatch"]
        self.patch = config["decoderPatch"]
        self.decoder_embed = nn.Linear(config["channels"], width)
        self.class_embedding = parameter(1, width)
        self.mask_token = parameter(1, 1, width)
        self.positional_embedding = parameter(self.grid**2 + 1, width)
        self.latent_token_positional_embedding = parameter(config["tokens"], width)
        self.ln_pre = nn.LayerNorm(width, eps=EPSILON)
        self.transformer = blocks(config["decoder"])
        self.ln_post = nn.LayerNorm(width, eps=EPSILON)
        if config["head"] == "pixel":
            kernel = config["headKernel"]
            self.ffn = nn.Sequential(nn.Conv2d(width, 3 * self.patch**2, kernel, padding=kernel // 2))
            self.conv_out = nn.Conv2d(3, 3, 3, padding=1)
        else:
            codes = config["vqgan"]["codes"]
            self.ffn = nn.Sequential(nn.Conv2d(width, 2 * width, 1), nn.Tanh(), nn.Conv2d(2 * width, codes, 1))

    def forward(self, vectors):
        batch, positions = vectors.shape[0], self.grid**2
        latents = self.decoder_embed(vectors) + self.latent_token_positional_embedding
        queries = torch.cat([self.class_embedding.expand(batch, 1, -1), self.mask_token.expand(batch, positions, -1)], 1)
        x = torch.cat([queries + self.positional_embedding, latents], 1)
        x = through(self.transformer, self.ln_pre(x))[:, 1 : 1 + positions]
        x = self.ffn(self.ln_post(x).permute(0, 2, 1).reshape(batch, -1, self.grid, self.grid))
        if not hasattr(self, "conv_out"):
            return x
        x = x.reshape(batch, self.patch, self.patch, 3, self.grid, self.grid).permute(0, 3, 4, 1, 5, 2)
        return self.conv_out(x.reshape(batch, 3, self.grid * self.patch, self.grid * self.patch))


class ImageTower(nn.Module):
    """CLIP's image tower, normalisation of the pixels included."""

    def __init__(self, config):
        super().__init__()
        image = config["image"]
        width = image["width"]
        self.conv1 = nn.Conv2d(3, width, image["patchSize"], stride=image["patchSize"], bias=False)
        self.class_embedding = parameter(width)
        self.positional_embedding = parameter((image["imageSize"] // image["patchSize"]) ** 2 + 1, width)
        self.ln_pre = nn.LayerNorm(width, eps=EPSILON)
        self.transformer = nn.ModuleDict({"resblocks": blocks(image)})
        self.ln_post = nn.LayerNorm(width, eps=EPSILON)
        self.proj = parameter(width, config["embedDim"])
        self.register_buffer("mean", torch.tensor(image["mean"]).reshape(3, 1, 1))
        self.register_buffer("std", torch.tensor(image["std"]).reshape(3, 1, 1))

    def forward(self, pixels):
        x = self.conv1((pixels - self.mean) / self.std).flatten(2).permute(0, 2, 1)
        x = torch.cat([self.class_embedding.expand(len(x), 1, -1), x], 1) + self.positional_embedding
        x = through(self.transformer["resblocks"], self.ln_pre(x))
        return F.normalize(self.ln_post(x[:, 0]) @ self.proj, dim=-1)


class Step:
    def __init__(self, job):
        self.config, self.plan = job["config"], job["plan"]
        tokenizer, clip = self.config["tokenizer"], self.config["clip"]
        weights = Checkpoint(job["tokenizer"])
        self.decoder = weights.load(TokenDecoder(tokenizer), "decoder.")
        self.codebook = nn.Parameter(weights.read("quantize.embedding.weight"))
        self.modules = [self.decoder]
        if tokenizer["head"] == "vqgan":
            self.pixel_codebook = nn.Parameter(weights.read("pixel_quantize.embedding.weight"))
            self.pixels = weights.load(PixelDecoder(tokenizer["vqgan"]), "pixel_decoder.")
            self.modules.append(self.pixels)
        self.tower = Checkpoint(job["clip"]).load(ImageTower(clip), "visual.")
        self.modules.append(self.tower)
        for module in self.modules:
            module.eval().requires_grad_(not job["frozen"])
        for table in [self.codebook] + ([self.pixel_codebook] if tokenizer["head"] == "vqgan" else []):
            table.requires_grad_(not job["frozen"])

    def quantise(self, latents):
        norm = (lambda x: F.normalize(x, dim=-1)) if self.config["tokenizer"]["l2Norm"] else (lambda x: x)
        z, table = norm(latents), norm(self.codebook)
        flat = z.reshape(-1, z.shape[-1])
        distance = (flat**2).sum(1, keepdim=True) + (table**2).sum(1) - 2 * flat @ table.t()
        return z + (table[distance.argmin(1)].reshape(z.shape) - z).detach()

    def decode(self, vectors):
        x = self.decoder(vectors)
        if self.config["tokenizer"]["head"] == "pixel":
            return x
        probabilities = x.softmax(1)
        return self.pixels(torch.einsum("nchw,cd->ndhw", probabilities, self.pixel_codebook))

    def loss(self, latents, crops, side, direction):
        image = self.decode(self.quantise(latents))
        size = self.config["clip"]["image"]["imageSize"]
        views = []
        for top, left, flip in crops:
            view = image[:, :, top : top + side, left : left + side]
            views.append(view.flip(3) if flip else view)
        views = torch.cat(views)
        if side != size:
            views = F.interpolate(views, size=(size, size), mode="bilinear", align_corners=False)
        return -(self.tower(views).mean(0) * direction).sum()

    def start(self, latents):
        self.latents = latents.clone().requires_grad_(True)
        self.optimiser = torch.optim.Adam([self.latents], lr=self.plan["learningRate"])
        self.average = latents.clone()

    def step(self, crops, side, direction):
        with torch.no_grad():
            self.latents.add_(torch.randn_like(self.latents), alpha=self.plan["noise"])
        self.optimiser.zero_grad(set_to_none=True)
        loss = self.loss(self.latents, crops, side, direction)
        (loss + self.plan["regularisation"] * self.latents.pow(2).mean()).backward()
        self.optimiser.step()
        self.average.lerp_(self.latents.detach(), 1 - self.plan["ema"])
        return loss.item()


def peak_bytes():
    """Peak resident memory of this process alone; getrusage's includes that of the process it was started from."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def answer(step, message):
    """gradient: loss and its gradient at given latents. step: one step's time in ms. memory: the process's peak."""
    if message["do"] == "memory":
        return {"peakBytes": peak_bytes()}
    direction = torch.tensor(message["direction"])
    views = (message["crops"], message["side"], direction)
    if message["do"] == "gradient":
        tokenizer = step.config["tokenizer"]
        latents = torch.tensor(message["latents"]).reshape(1, tokenizer["tokens"], tokenizer["channels"])
        step.start(latents)
        leaf = latents.clone().requires_grad_(True)
        loss = step.loss(leaf, *views)
        loss.backward()
        return {"loss": loss.item(), "gradient": leaf.grad.flatten().tolist()}
    begin = time.perf_counter()
    loss = step.step(*views)
    return {"ms": 1e3 * (time.perf_counter() - begin), "loss": loss}


def main():
    job = json.loads(sys.stdin.readline())
    torch.set_num_threads(job["threads"])
    torch.manual_seed(0)
    step = Step(job)
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(step, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
