"""What CLIP and SigLIP training share: captions, class helpers, zero-shot accuracy."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from .captions import Grammar, classes, encode, truth, vocabulary
from .domain import BACKGROUNDS, COLOURS, COLUMN, LIGHT_PLAIN, STYLES, SUBJECTS
from .device import mixed
from .loop import Training
from .measure import accuracies, held_out, reconstruct
from .views import crop


@torch.no_grad()
def class_vectors(model, device):
    """{column: unit vectors (classes, embed)}, the mean over a class's prompts."""
    out = {}
    for name, prompts in classes().items():
        with mixed(device):
            rows = [F.normalize(model.encode_text(encode(group).to(device)).float().mean(0), dim=0) for group in prompts]
        out[name] = torch.stack(rows)
    return out


@torch.no_grad()
def zero_shot(model, composer, size, count, tokenizer=None):
    """Held-out zero-shot accuracy on centre crops, of originals or of reconstructions."""
    vectors, guesses, rows = class_vectors(model, composer.device), {}, []
    for picture, _, labels in held_out(composer, count):
        picture = picture if tokenizer is None else reconstruct(tokenizer, picture)
        with mixed(composer.device):
            image = model.encode_image(crop(picture, size, free=False)).float()
        for name, classes_ in vectors.items():
            guesses.setdefault(name, []).append((image @ classes_.t()).argmax(1))
        rows.append(labels)
    return accuracies({name: torch.cat(parts) for name, parts in guesses.items()}, torch.cat(rows))


class Helpers(nn.Module):
    """Linear classifiers on the image features; their weight fades out."""

    def __init__(self, width):
        super().__init__()
        self.heads = nn.ModuleDict({"subject": nn.Linear(width, len(SUBJECTS)), "style": nn.Linear(width, len(STYLES)),
                                    "background": nn.Linear(width, len(BACKGROUNDS)), "light": nn.Linear(width, LIGHT_PLAIN + len(COLOURS)),
                                    "size": nn.Linear(width, 3), "focus": nn.Linear(width, 3)})

    def forward(self, features, labels, part, other):
        losses = {}
        for name, head in self.heads.items():
            logits, own = head(features), labels[:, COLUMN[name]]
            loss = lambda target: F.cross_entropy(logits, target, label_smoothing=0.02, reduction="none")
            losses[name] = ((1 - part) * loss(own) + part * loss(own[other])).mean()
        return losses["subject"] + 0.3 * sum(losses[n] for n in ("style", "background", "light", "size", "focus")), losses["subject"]


class Contrast(Training):
    shown, mixes = ("loss", "subject_loss"), True
    words = property(lambda self: len(vocabulary()))

    def __init__(self, args):
        super().__init__(args)
        self.grammar = Grammar(self.device)

    def pair_loss(self, image, text, match):
        """Unit vectors (n, embed) and match (pictures, captions) in 0..1."""
        raise NotImplementedError

    def loss(self, labels, progress):
        picture, part, other = self.views(labels)
        ids, stated = self.grammar(labels, self.seed, self.images)
        with mixed(self.device):
            features = self.model.features(picture).float()
            text = self.model.encode_text(ids)
        match = truth(labels, stated).float()
        match = (1 - part[:, None]) * match + part[:, None] * match[other]
        pair = self.pair_loss(self.model.embed(features), text, match)
        helper, subject = self.helpers(features, labels, part, other)
        return pair + 0.5 * max(0.05, 1 - 1.2 * progress) * helper, {"loss": pair.detach(), "subject_loss": subject.detach()}

    def evaluate(self, count):
        result = zero_shot(self.model, self.composer, self.c["image"], count)
        if self.views.tokenizer is not None:
            again = zero_shot(self.model, self.composer, self.c["image"], count, self.views.tokenizer)
            result.update({f"{name}_reconstructed": value for name, value in again.items()})
        return result
