"""Measurements on held-out scenes."""
import torch
import torch.nn.functional as F

from .device import mixed
from .domain import COLUMN, SPACE
from .scenes import sample_labels

HELD_OUT_SEED = 20_261


def psnr(a, b):
    """Per picture, in dB, for pictures in 0..1."""
    return -10 * ((a - b) ** 2).mean((1, 2, 3)).clamp(min=1e-10).log10()


def held_out(composer, count, batch=128, seed=HELD_OUT_SEED):
    """Yields (pictures, coverage, labels) of the first `count` held-out scenes."""
    for at in range(0, count, batch):
        labels = sample_labels(seed, at, min(batch, count - at), held_out=True, device=composer.device)
        picture, cover = composer(labels)
        yield picture, cover, labels


@torch.no_grad()
def reconstruction(model, composer, count):
    """PSNR (mean over pictures), PSNR under the subject, and the number of codes used (0 where there is no codebook)."""
    whole, subject, used = [], [], []
    for picture, cover, _ in held_out(composer, count, 64):
        with mixed(composer.device):
            code, index, _, _ = model.quantize(model.encode(picture))
            guess = model.decode(code).float().clamp(0, 1)
        whole.append(psnr(guess, picture))
        error = ((guess - picture) ** 2 * cover).sum((1, 2, 3)) / (3 * cover.sum((1, 2, 3)) + 1e-6)
        subject.append(-10 * error.clamp(min=1e-10).log10())
        used.append(torch.zeros(0) if index is None else index.flatten())
    codes = torch.cat(used).unique().numel()
    return {"psnr": torch.cat(whole).mean().item(), "psnr_subject": torch.cat(subject).mean().item(), "codes": codes}


def accuracies(guesses, labels):
    """guesses {column: class indices}; lights are scored on landscapes only."""
    out = {}
    for name, guess in guesses.items():
        right = guess == labels[:, COLUMN[name]]
        out[name] = (right[labels[:, COLUMN["background"]] < SPACE] if name == "light" else right).float().mean().item()
    return out


@torch.no_grad()
def reconstruct(model, picture):
    with mixed(picture.device):
        return model.decode(model.quantize(model.encode(picture))[0]).float().clamp(0, 1)
