"""The exported judge: folding norms and pooling into the convolutions changes nothing."""
import unittest

import torch
import torch.nn.functional as F

from training.models.judge import HEADS, Judge, kernels


class Folding(unittest.TestCase):
    @torch.no_grad()
    def test_folded_weights_give_the_same_logits(self):
        for c in ({"widths": [4, 6]}, {"widths": [4, 6], "pool": 2}):
            torch.manual_seed(1)
            judge, picture = Judge(c).eval(), torch.rand(2, 3, 128, 128)
            for _, norm in judge.layers:
                norm.running_mean.normal_()
                norm.running_var.uniform_(0.5, 2)
            weights, x = judge.folded(), picture * 2 - 1
            for k, shape in enumerate(kernels(c)):
                x = F.relu(F.conv2d(x, weights[f"layers.{k}.weight"], weights[f"layers.{k}.bias"], shape["stride"], shape["padding"]))
            x, expected, again = x.mean((2, 3)), judge(picture), Judge(c).eval()
            again.unfold(weights)
            for name in HEADS:
                logits = x @ weights[f"heads.{name}.weight"].t() + weights[f"heads.{name}.bias"]
                self.assertTrue(torch.allclose(logits, expected[name], atol=1e-4))
                self.assertTrue(torch.allclose(again(picture)[name], expected[name], atol=1e-4))


if __name__ == "__main__":
    unittest.main()
