"""The domain of the pocket models: subjects, styles, backgrounds, lights, sizes, and the columns of a scene label."""
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SUBJECTS = json.loads((ROOT / "subjects.json").read_text())
NAMES = [subject["names"] for subject in SUBJECTS]
CATEGORIES = ["animal", "food", "vehicle", "building", "plant", "object"]
CATEGORY_OF = [CATEGORIES.index(subject["category"]) for subject in SUBJECTS]
STYLES = ["3d", "illustration", "flat"]
BACKGROUNDS = ["forest", "beach", "desert", "snow", "field", "city", "space", "plain"]
SPACE, PLAIN = 6, 7
VEGETATION = [0, 4]
LIGHTS = ["day", "sunset", "night"]
# Column `light` holds 0..2 for the six landscapes, 3 in space, 4 + colour on a plain background.
LIGHT_SPACE, LIGHT_PLAIN = 3, 4
COLOURS = {
    "white": (244, 244, 242), "grey": (150, 152, 158), "red": (208, 62, 60), "blue": (72, 124, 214),
    "green": (84, 172, 96), "yellow": (247, 212, 84), "pink": (246, 172, 198), "purple": (142, 98, 194),
}
VARIANTS = 4
SIZES = ["small", "medium", "large"]
SIZE_PX = [48, 72, 96]
FOCUS = ["sharp", "blurred background", "low quality"]
IMAGE, STEP, SPRITE = 128, 8, 96

COLUMNS = ["subject", "style", "background", "light", "variant", "mirror", "size", "focus", "flip", "x", "y"]
COLUMN = {name: index for index, name in enumerate(COLUMNS)}
CLASSES = {"subject": len(SUBJECTS), "background": len(BACKGROUNDS), "light": 3, "style": len(STYLES),
           "size": len(SIZES), "focus": len(FOCUS)}
