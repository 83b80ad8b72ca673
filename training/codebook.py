"""The quantiser's codebook during training: k-means start, moving averages, restarts of dead codes."""
import torch
import torch.nn.functional as F


class Codebook:
    def __init__(self, quantiser, decay=0.99):
        self.weight, self.decay = quantiser.embedding.weight.data, decay
        self.count = torch.ones(len(self.weight), device=self.weight.device)
        self.total = self.weight.clone()

    def start(self, z, rounds=8):
        """k-means on unit vectors z (n, channels)."""
        size = len(self.weight)
        book = z[torch.randint(len(z), (size,), device=z.device)].clone()
        for _ in range(rounds):
            index = torch.cat([(part @ book.t()).argmax(1) for part in z.split(8192)])
            total = torch.zeros_like(book).index_add_(0, index, z)
            empty = torch.bincount(index, minlength=size) == 0
            book = F.normalize(total, dim=-1)
            book[empty] = z[torch.randint(len(z), (int(empty.sum()),), device=z.device)]
        self.weight.copy_(book)
        self.total, self.count = 0.25 * book, torch.full_like(self.count, 0.25)

    @torch.no_grad()
    def update(self, z, index, restart):
        """z (n, channels) unit vectors and their codes; with `restart`, unused codes move onto current vectors."""
        share = 1 - self.decay
        scale = 128 * 32 / len(z) if len(z) > 4096 else 1.0  # counts keep the scale of a small batch
        self.count.mul_(self.decay).index_add_(0, index, torch.full((len(index),), share * scale, device=z.device))
        self.total.mul_(self.decay).index_add_(0, index, z * (share * scale))
        self.weight.copy_(F.normalize(self.total, dim=-1))
        if restart:
            dead = (self.count < 0.02).nonzero()[:, 0]
            dead = dead[torch.randperm(len(dead), device=z.device)[:len(z) // 4]]
            if len(dead):
                fresh = z[torch.randint(len(z), (len(dead),), device=z.device)]
                fresh = F.normalize(fresh + 0.02 * torch.randn_like(fresh), dim=-1)
                self.total[dead], self.count[dead], self.weight[dead] = 0.1 * fresh, 0.1, fresh

    def state(self):
        return {"count": self.count, "total": self.total}

    def load(self, state):
        self.count, self.total = state["count"].to(self.weight.device), state["total"].to(self.weight.device)
