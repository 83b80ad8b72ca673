"""Trains the second, independent scorer: python3 -m training.tessera_train_siglip --preset cpu --minutes 12."""
import torch.nn.functional as F

from .contrast import Contrast, Helpers
from .models.siglip import SigLIP
from .presets import SIGLIP as PRESETS


class SiglipTraining(Contrast):
    kind, presets, seed = "siglip", PRESETS, 3

    def build(self):
        return SigLIP(self.c, self.words), Helpers(self.c["width"])

    def pair_loss(self, image, text, match):
        """A sigmoid per pair, summed over the batch's captions."""
        logits = self.model.logit_scale.exp().clamp(max=60) * image @ text.t() + self.model.logit_bias
        return F.binary_cross_entropy_with_logits(logits.float(), match, reduction="none").sum(1).mean()


if __name__ == "__main__":
    SiglipTraining.main()
