"""Parameter names and numbers agree with the published implementations' golden files, where these are at hand."""
import json
import os
import struct
import unittest
from pathlib import Path

import numpy as np
import torch

from training.files import load_safetensors
from training.models.clip import CLIP
from training.models.titok import TiTok
from training.models.vqgan import Vqgan

PLACES = [Path(os.environ.get("TESSERA_GOLDEN", "")), *(Path(__file__).resolve().parents[k] / tail for k, tail in (
    (2, "packages/models/test/fixtures"), (3, "shared/golden")))]
FOLDER = next((p for p in PLACES if (p / "titok-vq-pixel" / "golden.safetensors").exists()), None)
KINDS = {"F32": np.float32, "F64": np.float64, "I32": np.int32, "I64": np.int64}


def golden(name):
    data = (FOLDER / name / "golden.safetensors").read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = {k: v for k, v in json.loads(data[8:8 + length]).items() if k != "__metadata__"}
    read = lambda e: np.frombuffer(data, KINDS[e["dtype"]], int(np.prod(e["shape"])), 8 + length + e["data_offsets"][0]).reshape(e["shape"])
    return {k: torch.from_numpy(read(e).copy()) for k, e in header.items()}


@unittest.skipUnless(FOLDER, "no golden files here")
class Golden(unittest.TestCase):
    def close(self, a, b):
        self.assertLess(((a - b.float()).norm() / b.float().norm()).item(), 1e-4)

    def titok(self, name, **head):
        c = dict(image=64, tokens=8, codebook=128, token_size=12, enc_width=64, dec_width=64, heads=4, enc_layers=3, dec_layers=3, enc_patch=16, dec_patch=16, **head)
        model = TiTok(c)
        model.load_state_dict(load_safetensors(FOLDER / name / "model.safetensors"))
        return model, golden(name)

    @torch.no_grad()
    def test_titok_with_pixel_head(self):
        model, g = self.titok("titok-vq-pixel")
        z = model.encode(g["image"].float())
        code, index, _, _ = model.quantize(z)
        self.close(z, g["z"])
        self.assertTrue(torch.equal(index.flatten(), g["indices"].flatten().long()))
        self.close(model.decode(code), g["decoded"])

    @torch.no_grad()
    def test_titok_with_vqgan_head(self):
        model, g = self.titok("titok-vq-vqgan", pixel_codes=64, pixel_channels=32, pixel_hidden=32, pixel_mult=[1, 1, 1, 2, 2], pixel_blocks=1)
        self.close(model.decode(g["quantized"].float()), g["decoded"])

    @torch.no_grad()
    def test_titok_vae(self):
        model, g = self.titok("titok-vae-pixel", vae=True)
        z = model.encode(g["image"].float())
        self.close(z, g["z"])
        self.close(model.eval().quantize(z)[0], g["mean"])
        self.close(model.decode(g["mean"]), g["decoded"])

    @torch.no_grad()
    def test_maskgit_vqgan(self):
        model, g = Vqgan(dict(tokens=16, codebook=64, token_size=32, pixel_channels=32, pixel_hidden=32, pixel_mult=[1, 1, 1, 2, 2], pixel_blocks=1)), golden("maskgit-vqgan")
        model.load_state_dict(load_safetensors(FOLDER / "maskgit-vqgan" / "model.safetensors"))
        self.close(model.encode(g["image"].float()).flatten(2), g["hidden"].flatten(2))
        self.close(model.decode(g["quantized"].float().flatten(2)[:, :, None]), g["decoded"])

    @torch.no_grad()
    def test_clip(self):
        model, g = CLIP(dict(image=56, patch=8, width=64, layers=3, heads=4, text_width=48, text_layers=2, text_heads=4, context=16, embed=32), 512), golden("clip-gelu")
        model.load_state_dict(load_safetensors(FOLDER / "clip-gelu" / "model.safetensors"))
        self.close(model.embed(model.visual.features(g["image_normalised"].float())), g["image_features"])
        self.close(model.encode_text(g["text"].long()), g["text_features"])


if __name__ == "__main__":
    unittest.main()
