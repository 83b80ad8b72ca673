"""Trains the judge of edits: python3 -m training.tessera_train_judge --preset cpu --minutes 10."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from .device import mixed
from .domain import COLUMN
from .loop import Training
from .measure import accuracies, held_out, reconstruct
from .models.judge import Judge
from .presets import JUDGE as PRESETS

WEIGHTS = {"subject": 1.0, "background": 0.4, "light": 0.4, "style": 0.4, "size": 0.2, "focus": 0.2}


@torch.no_grad()
def judge_accuracy(model, composer, count, tokenizer=None):
    guesses, rows = {}, []
    for picture, _, labels in held_out(composer, count):
        picture = picture if tokenizer is None else reconstruct(tokenizer, picture)
        with mixed(composer.device):
            out = model(picture)
        for name, logits in out.items():
            guesses.setdefault(name, []).append(logits.argmax(1))
        rows.append(labels)
    return accuracies({name: torch.cat(parts) for name, parts in guesses.items()}, torch.cat(rows))


class JudgeTraining(Training):
    kind, presets, seed, shown = "judge", PRESETS, 4, ("loss", "subject_loss")

    def build(self):
        return Judge(self.c), nn.Identity()

    def loss(self, labels, progress):
        picture, _, _ = self.views(labels)
        with mixed(self.device):
            out = self.model(picture)
        losses = {name: F.cross_entropy(logits.float(), labels[:, COLUMN[name]], label_smoothing=0.02) for name, logits in out.items()}
        loss = sum(WEIGHTS[name] * value for name, value in losses.items())
        return loss, {"loss": loss.detach(), "subject_loss": losses["subject"].detach()}

    def evaluate(self, count):
        result = judge_accuracy(self.model, self.composer, count)
        if self.views.tokenizer is not None:
            again = judge_accuracy(self.model, self.composer, count, self.views.tokenizer)
            result.update({f"{name}_reconstructed": value for name, value in again.items()})
        return result


if __name__ == "__main__":
    JudgeTraining.main()
