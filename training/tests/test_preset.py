"""Edits are measured here with the settings that the product has."""
import re
import unittest
from pathlib import Path

from training.optimise import PRESET, SCRATCH

SOURCE = Path(__file__).resolve().parents[2] / "packages" / "engine" / "src" / "presets.ts"


class Preset(unittest.TestCase):
    def test_the_pocket_preset_is_the_engines(self):
        source = SOURCE.read_text()
        block = re.search(r"\n  pocket: \{(.*?)\n  \},", source, re.S).group(1)
        number = lambda name: float(re.search(rf"{name}: ([\d.]+)", block).group(1))
        here = {"iterations": "steps", "learningRate": "lr", "noise": "noise", "weight": "weight", "ema": "average"}
        self.assertEqual({name: number(name) for name in here}, {name: PRESET[key] for name, key in here.items()})
        self.assertEqual(re.search(r"towards: '(\w+)'", block).group(1), PRESET["towards"])
        self.assertEqual(int(re.search(r"POCKET_SCRATCH_ITERATIONS = (\d+)", source).group(1)), SCRATCH["steps"])


if __name__ == "__main__":
    unittest.main()
