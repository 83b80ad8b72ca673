"""What stands between encoder and decoder: a codebook of unit vectors, or a Gaussian (VAE)."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Quantiser(nn.Module):
    """The nearest code by angle. Codes are unit vectors, so it is the nearest by distance, too."""

    def __init__(self, size, channels):
        super().__init__()
        self.embedding = nn.Embedding(size, channels)
        self.embedding.weight.data = F.normalize(torch.randn(size, channels), dim=-1)

    def codes(self):
        return F.normalize(self.embedding.weight.float(), dim=-1)

    def forward(self, z):
        """z (n, c, 1, tokens) -> straight-through codes, indices (n, tokens), normalised z, chosen codes; all in float32."""
        n, c, _, tokens = z.shape
        with torch.autocast(z.device.type, enabled=False):
            flat = F.normalize(z.float().permute(0, 2, 3, 1).reshape(-1, c), dim=-1)
            book = self.codes()
            with torch.no_grad():
                index = (flat @ book.t()).argmax(1)
            chosen = book[index]
        shape = lambda t: t.view(n, 1, tokens, c).permute(0, 3, 1, 2)
        return shape(flat + (chosen - flat).detach()), index.view(n, tokens), shape(flat), shape(chosen)


class Gaussian(nn.Module):
    """Mean and log variance in place of a codebook; it has no weights. Source: 1d-tokenizer, DiagonalGaussianDistribution."""

    def forward(self, z):
        """z (n, 2c, 1, tokens) -> a sample while training, else the mean; None; the mean; the divergence from N(0, 1) per channel."""
        mean, spread = z.float().chunk(2, 1)
        spread = spread.clamp(-30, 20)
        divergence = 0.5 * (mean ** 2 + spread.exp() - 1 - spread).mean()
        out = mean + (0.5 * spread).exp() * torch.randn_like(mean) if self.training else mean
        return out, None, mean, divergence
