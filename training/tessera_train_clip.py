"""Trains CLIP: python3 -m training.tessera_train_clip --preset cpu --minutes 25."""
from .contrast import Contrast, Helpers
from .models.clip import CLIP
from .presets import CLIP as PRESETS


class ClipTraining(Contrast):
    kind, presets, seed = "clip", PRESETS, 2

    def build(self):
        return CLIP(self.c, self.words), Helpers(self.c["width"])

    def pair_loss(self, image, text, match):
        """Softmax over pictures and over captions; all true pairs count."""
        logits = self.model.logit_scale.exp().clamp(max=60) * image @ text.t()
        by_image = -(match / match.sum(1, keepdim=True).clamp(min=1e-6) * logits.log_softmax(1)).sum(1).mean()
        by_text = -(match / match.sum(0, keepdim=True).clamp(min=1e-6) * logits.log_softmax(0)).sum(0).mean()
        return (by_image + by_text) / 2


if __name__ == "__main__":
    ClipTraining.main()
