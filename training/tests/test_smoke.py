"""The whole recipe with the tiny preset: train, stop, resume, export, reload, measure. Under two minutes."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import torch

from training.views import load_tokenizer

ROOT = Path(__file__).resolve().parents[2]


class Smoke(unittest.TestCase):
    def test_the_recipe_runs_end_to_end_and_resumes(self):
        with tempfile.TemporaryDirectory() as folder:
            env = dict(os.environ, TESSERA_TRAIN_OUT=folder, OMP_WAIT_POLICY="PASSIVE")
            out = Path(folder) / "models"

            def run(module, *args):
                done = subprocess.run([sys.executable, "-m", f"training.{module}", "--threads", "2", *args], cwd=ROOT, env=env, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr[-2000:])
                return done.stdout

            tiny = ("--preset", "tiny", "--minutes", "0.1", "--report", "5", "--quick")
            run("tessera_train_tokenizer", *tiny)
            again = run("tessera_train_tokenizer", "--preset", "tiny", "--minutes", "0.13", "--report", "5", "--quick")
            self.assertIn("resumed at step", again)
            for kind in ("clip", "siglip", "judge"):
                run(f"tessera_train_{kind}", *tiny)
            run("tessera_train_export", "--out", str(out), "--scenes", "32")
            self.assertIn("kept", run("tessera_train_export", "--out", str(out), "--scenes", "32"))
            result = json.loads(run("tessera_train_eval", "--models", str(out), "--scenes", "32", "--edits", "4", "--steps", "2"))
            self.assertGreater(result["tokenizer"]["psnr"], 5)
            self.assertEqual(set(result), {"scenes", "tokenizer", "clip", "siglip", "judge", "edits"})
            self.assertTrue((out / "clip" / "vocab.json").exists())

    def test_the_variants_train_and_export(self):
        with tempfile.TemporaryDirectory() as folder:
            env = dict(os.environ, TESSERA_TRAIN_OUT=folder, OMP_WAIT_POLICY="PASSIVE")
            for name in ("tiny-64", "tiny-vae", "tiny-2d"):
                out = Path(folder) / "models" / name
                for module, *args in (("tokenizer", "--preset", name, "--name", name, "--minutes", "0.05", "--quick"),
                                      ("export", "--only", "tokenizer", "--tokenizer", name, "--out", str(out), "--scenes", "32")):
                    done = subprocess.run([sys.executable, "-m", f"training.tessera_train_{module}", "--threads", "2", *args], cwd=ROOT, env=env, capture_output=True, text=True)
                    self.assertEqual(done.returncode, 0, f"{name}, {module}: {done.stderr[-2000:]}")
                tokenizer = load_tokenizer(out / "tokenizer", torch.device("cpu"))
                with torch.no_grad():
                    code, index, _, _ = tokenizer.quantize(tokenizer.encode(torch.rand(2, 3, 128, 128)))
                    self.assertEqual(tokenizer.decode(code).shape, (2, 3, 128, 128))
                self.assertEqual(index is None, name == "tiny-vae")


if __name__ == "__main__":
    unittest.main()
