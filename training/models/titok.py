"""TiTok: image -> tokens -> image; parameter names of the published checkpoints, direct-pixel or VQGAN head, codebook or VAE."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from .quantiser import Gaussian, Quantiser
from .transformer import Block, grid_places, initialise, patches, sincos
from .vqgan import PixelDecoder


def centre(weight):
    return weight[:, :, weight.shape[2] // 2, weight.shape[3] // 2]


def widened(weight, kernel):
    """A kernel of 1 as one of 3 that does the same."""
    edge = (kernel - weight.shape[2]) // 2
    return F.pad(weight, (edge,) * 4)


class Encoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        width, self.patch, self.grid = c["enc_width"], c["enc_patch"], c["image"] // c["enc_patch"]
        self.patch_embed = nn.Conv2d(3, width, self.patch, self.patch)
        self.class_embedding = nn.Parameter(width ** -0.5 * torch.randn(1, width))
        self.positional_embedding = nn.Parameter(width ** -0.5 * torch.randn(self.grid ** 2 + 1, width))
        self.latent_token_positional_embedding = nn.Parameter(width ** -0.5 * torch.randn(c["tokens"], width))
        self.ln_pre = nn.LayerNorm(width)
        self.transformer = nn.ModuleList([Block(width, c["heads"]) for _ in range(c["enc_layers"])])
        self.ln_post = nn.LayerNorm(width)
        self.conv_out = nn.Conv2d(width, c["token_size"] * (2 if c.get("vae") else 1), 1)
        if c.get("vae"):  # little noise at first
            nn.init.constant_(self.conv_out.bias[c["token_size"]:], -4.0)

    def forward(self, image, latents):
        """image (n, 3, h, w) in 0..1 -> (n, token_size, 1, tokens); twice the channels for a VAE."""
        x = F.linear(patches(image, self.patch), self.patch_embed.weight.flatten(1), self.patch_embed.bias).float()
        n = len(x)
        x = torch.cat([self.class_embedding.expand(n, 1, -1), x], 1) + self.positional_embedding
        x = self.ln_pre(torch.cat([x, (latents + self.latent_token_positional_embedding).expand(n, -1, -1)], 1))
        for block in self.transformer:
            x = block(x)
        x = self.ln_post(x[:, 1 + self.grid ** 2:])
        x = F.linear(x, self.conv_out.weight[:, :, 0, 0], self.conv_out.bias)
        return x.transpose(1, 2).unsqueeze(2).float()


class Decoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        width, self.patch, self.grid = c["dec_width"], c["dec_patch"], c["image"] // c["dec_patch"]
        self.decoder_embed = nn.Linear(c["token_size"], width)
        self.class_embedding = nn.Parameter(width ** -0.5 * torch.randn(1, width))
        self.positional_embedding = nn.Parameter(width ** -0.5 * torch.randn(self.grid ** 2 + 1, width))
        self.mask_token = nn.Parameter(width ** -0.5 * torch.randn(1, 1, width))
        self.latent_token_positional_embedding = nn.Parameter(width ** -0.5 * torch.randn(c["tokens"], width))
        self.ln_pre = nn.LayerNorm(width)
        self.transformer = nn.ModuleList([Block(width, c["heads"]) for _ in range(c["dec_layers"])])
        self.ln_post = nn.LayerNorm(width)
        self.codes = c.get("pixel_codes", 0)
        if self.codes:
            self.ffn = nn.Sequential(nn.Conv2d(width, 2 * width, 1), nn.Tanh(), nn.Conv2d(2 * width, self.codes, 1))
            self.conv_out = nn.Identity()
        else:
            kernel = c.get("head_kernel", 1)
            self.ffn = nn.Sequential(nn.Conv2d(width, self.patch * self.patch * 3, kernel, padding=kernel // 2))
            self.conv_out = nn.Conv2d(3, 3, 3, padding=1)
            with torch.no_grad():
                self.conv_out.weight.mul_(0.1)
                self.conv_out.bias.zero_()
                for k in range(3):
                    self.conv_out.weight[k, k, 1, 1] += 1
                self.ffn[0].weight.copy_(widened(0.5 * centre(self.ffn[0].weight)[..., None, None], kernel))
                self.ffn[0].bias.fill_(0.5)

    def states(self, z, keep=None):
        """z (n, token_size, 1, tokens) -> features (n, cells, width); keep (n, k) picks some cells only."""
        n, cells = len(z), self.grid ** 2
        mask = self.mask_token + self.positional_embedding[1:]
        mask = mask.expand(n, -1, -1) if keep is None else mask[0][keep]
        first = (self.class_embedding + self.positional_embedding[:1]).expand(n, 1, -1)
        tokens = self.decoder_embed(z.squeeze(2).transpose(1, 2)) + self.latent_token_positional_embedding
        x = self.ln_pre(torch.cat([first, mask, tokens], 1))
        for block in self.transformer:
            x = block(x)
        return self.ln_post(x[:, 1:1 + (cells if keep is None else keep.shape[1])])

    def pixels(self, states):
        """Direct head: (n, cells, width) -> (n, cells, patch * patch * 3), ordered (row, column, channel).

        On some cells only (fewer than the grid has) a kernel of 3 has nothing but its centre to go by.
        """
        weight, bias = self.ffn[0].weight, self.ffn[0].bias
        if weight.shape[2] == 1 or states.shape[1] < self.grid ** 2:
            return F.linear(states, centre(weight), bias).float()
        n, g, width = len(states), self.grid, states.shape[2]
        around = F.pad(states.view(n, g, g, width), (0, 0, 1, 1, 1, 1))
        taps = torch.cat([around[:, y:y + g, x:x + g] for y in range(3) for x in range(3)], -1).reshape(n, g * g, 9 * width)
        return F.linear(taps, weight.permute(0, 2, 3, 1).flatten(1), bias).float()

    def grid_of(self, states):
        n, _, width = states.shape
        return states.transpose(1, 2).reshape(n, width, self.grid, self.grid)

    def forward(self, z):
        states = self.states(z)
        if self.codes:
            return self.ffn(self.grid_of(states))  # logits over the pixel codes
        n, g, p = len(z), self.grid, self.patch
        image = self.pixels(states).view(n, g, g, p, p, 3).permute(0, 5, 1, 3, 2, 4).reshape(n, 3, g * p, g * p)
        with torch.autocast(image.device.type, enabled=False):
            return self.conv_out(image)


class TiTok(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.config = c
        self.encoder, self.decoder = Encoder(c), Decoder(c)
        self.latent_tokens = nn.Parameter(c["enc_width"] ** -0.5 * torch.randn(c["tokens"], c["enc_width"]))
        self.quantize = Gaussian() if c.get("vae") else Quantiser(c["codebook"], c["token_size"])
        if c.get("pixel_codes"):
            self.pixel_quantize = nn.Module()
            self.pixel_quantize.embedding = nn.Embedding(c["pixel_codes"], c["pixel_channels"])
            self.pixel_decoder = PixelDecoder(c)
        initialise(self.encoder.transformer)
        initialise(self.decoder.transformer)
        self.place_latents()

    @torch.no_grad()
    def place_latents(self):
        """Sine-cosine positions; as many latents as fit start near the cells of a coarse grid (an initialisation only)."""
        side = int(self.config["tokens"] ** 0.5)
        side = 4 if side in (4, 5) else side
        for tower, gain in ((self.encoder, 0.35), (self.decoder, 0.25)):
            width, g = tower.positional_embedding.shape[1], tower.grid
            scale = 8 / g  # places are measured in sixteenths of the picture, whatever the patch
            tower.positional_embedding.mul_(0.3)
            tower.positional_embedding[1:] += gain * sincos(width, grid_places(g), scale)
            latent = tower.latent_token_positional_embedding
            latent.mul_(2)
            cell = g / side
            latent[:side * side] = gain * sincos(width, grid_places(side, cell, cell / 2 - 0.5), scale) + 0.05 * torch.randn(side * side, width)
            w = tower.transformer[0].attn.in_proj_weight
            q = 0.85 * w[:width]
            w[width:2 * width] = q + 0.1 * w[width:2 * width]
            w[:width] = q
        embed = self.encoder.patch_embed
        embed.weight.mul_(2)
        embed.bias.copy_(-0.5 * embed.weight.sum((1, 2, 3)))

    def encode(self, image):
        return self.encoder(image, self.latent_tokens)

    def decode(self, quantised):
        out = self.decoder(quantised)
        if self.decoder.codes:
            mixed = torch.einsum("nchw,cd->ndhw", out.float().softmax(1), self.pixel_quantize.embedding.weight)
            out = self.pixel_decoder(mixed).float()
        return out

    def forward(self, image):
        return self.decode(self.quantize(self.encode(image))[0])
