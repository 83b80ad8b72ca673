"""Muon for the transformer matrices, AdamW for the rest, and an exponential average of the weights."""
import torch


class Muon:
    """Momentum orthogonalised by Newton-Schulz iterations (Jordan et al., 2024); square blocks of fused projections are treated apart."""

    def __init__(self, params, momentum=0.95):
        self.params, self.momentum = list(params), momentum
        self.buffers = [torch.zeros_like(p) for p in self.params]

    @staticmethod
    def blocks(matrix):
        """A matrix as a list of blocks no taller than wide, each with a flag: transposed."""
        rows, columns = matrix.shape
        if rows == 3 * columns:
            return [(part, False) for part in matrix.chunk(3)]
        return [(matrix.t(), True)] if rows > columns else [(matrix, False)]

    @torch.no_grad()
    def step(self, lr, decay=0.02):
        torch._foreach_mul_(self.buffers, self.momentum)
        torch._foreach_add_(self.buffers, [p.grad for p in self.params])
        groups = {}
        for p, buffer in zip(self.params, self.buffers):
            update = p.grad + self.momentum * buffer
            for (u, flipped), (target, _) in zip(self.blocks(update), self.blocks(p.data)):
                groups.setdefault(tuple(u.shape), []).append((u, target))
        for shape, members in groups.items():
            x = torch.stack([u for u, _ in members])
            x = (x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)).bfloat16()
            for _ in range(5):
                r = x @ x.transpose(1, 2)
                x = 3.4445 * x + (-4.7750 * r + 2.0315 * (r @ r)) @ x
            targets = [target for _, target in members]
            torch._foreach_mul_(targets, 1 - lr * decay)
            torch._foreach_add_(targets, list(x.float()), alpha=-lr * 0.2 * max(shape) ** 0.5)


class Average:
    """Exponential moving average of parameters, with a warm-up."""

    def __init__(self, params, decay):
        self.params, self.decay, self.count = list(params), decay, 0
        self.values = [p.detach().clone() for p in self.params]

    @torch.no_grad()
    def update(self):
        self.count += 1
        decay = min(self.decay, (1 + self.count) / (10 + self.count))
        torch._foreach_mul_(self.values, decay)
        torch._foreach_add_(self.values, [p.detach() for p in self.params], alpha=1 - decay)

    @torch.no_grad()
    def swap(self):
        """Exchanges the averages with the weights; call twice to undo."""
        for value, p in zip(self.values, self.params):
            scratch = p.detach().clone()
            p.copy_(value)
            value.copy_(scratch)


def learning_rate(progress, step, warmup, hold):
    """Factor: linear warm-up, constant until `hold` of the time, then linear to 0.02."""
    cool = 1 if progress < hold else 0.02 + 0.98 * (1 - min(1, progress)) / (1 - hold)
    return min(1, (step + 1) / warmup) * cool


def split(module, by_hand=()):
    """(Muon matrices, [(AdamW parameters, weight decay)]); parameters whose name starts with an entry of `by_hand` are left out."""
    muon, decayed, plain = [], [], []
    for name, p in module.named_parameters():
        if name.startswith(tuple(by_hand)):
            continue
        if p.ndim == 2 and ("transformer" in name or "encoder.layers" in name) and "embedding" not in name:
            muon.append(p)
        elif p.ndim >= 2 and "embedding" not in name and "token" not in name:
            decayed.append(p)
        else:
            plain.append(p)
    return muon, decayed, plain
