"""Draws the scenes of more.webp as one PNG: python3 packages/lab/src/pocket/more_scenes.py OUT.png, from the root of the repository.

744 held-out scenes in 31 columns, the ones after those of scenes.png: with its 256 they are the 1,000 that codebook use is asked over.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))
from training.measure import HELD_OUT_SEED
from training.png import sheet
from training.scenes import Composer, sample_labels

FIRST, COUNT, COLUMNS = 192, 744, 31

composer = Composer()
labels = sample_labels(HELD_OUT_SEED, FIRST, COUNT, held_out=True)
sheet(sys.argv[1], [composer(part)[0] for part in labels.split(COLUMNS)])
