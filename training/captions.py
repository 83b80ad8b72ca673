"""The caption grammar: closed vocabulary, captions drawn in batches on any device, and which captions are true of which scenes.

A caption is [opening] [noun phrase] [where] [when] [focus]; each part is a phrase of a table, and each table knows which
attribute its phrases state. A scene contradicts a caption when a stated attribute differs.
"""
import functools

import torch

from .domain import (BACKGROUNDS, CATEGORIES, CATEGORY_OF, COLOURS, COLUMN, LIGHTS, LIGHT_PLAIN, NAMES, PLAIN, SIZES, SPACE,
                     VEGETATION)
from .scenes import below, draw

OPENINGS = ["a photo of", "a picture of", "an image of", "a photograph of", ""]
STYLE_OPENINGS = [["a 3d render of", "a 3d model of", "a rendering of"], ["a drawing of", "a cartoon of", "an illustration of"],
                  ["a flat icon of", "a sticker of", "a flat drawing of"]]
SIZE_WORDS = [["small", "tiny", "little", "subtle"], ["medium", "mid sized", "medium sized", "medium"], ["large", "big", "huge", "dominant"]]
PLACES = {
    "forest": ["in a forest", "in the forest", "in the woods", "among trees"],
    "beach": ["on the beach", "on a beach", "by the sea", "near the ocean"],
    "desert": ["in the desert", "in a desert", "on sand dunes", "in hot sand"],
    "snow": ["in the snow", "in a snowy landscape", "in winter", "on snow"],
    "field": ["in a green field", "in a field", "in a meadow", "on green hills"],
    "city": ["in the city", "in a city", "on a city street", "in front of buildings"],
    "space": ["in space", "in outer space", "among the stars", "in the galaxy"],
}
PLAIN_PLACES = ["on a plain {} background", "on a {} background", "against {}", "on plain {}"]
TIMES = [["on a sunny day", "during the day", "in daylight", "at noon", "in a daytime scene"],
         ["at sunset", "at dusk", "at sunrise", "in the evening", "in a sunset scene"],
         ["at night", "at midnight", "in the dark", "under the moon", "in a nighttime scene"]]
FOCUS_PHRASES = [["in focus", "with a sharp background", "in high definition", "high definition"],
                 ["with a blurry background", "with a blurred background", "with bokeh", "with an out of focus background"],
                 ["blurry low quality", "out of focus", "in low quality", "blurry"]]
VEGETATION_PHRASES = [["with no vegetation", "sparse or no vegetation"], ["with abundant vegetation", "abundant vegetation"]]
CATEGORY_PHRASES = [["an animal", "a creature", "an animal or human"], ["food", "some food"], ["a vehicle"], ["a building"],
                    ["a plant"], ["an object", "a thing"]]
INANIMATE_PHRASES = ["an inanimate object"]
ALONE = ["a scene", "a landscape", "a background"]
FUNCTION_WORDS = "a an the of in on at with and or by is this to from for under near against".split()
CONTEXT = 24
FACTS = ["subject", "category", "animate", "style", "background", "light", "size", "focus", "vegetation"]


def article(words):
    if words == "cherries":
        return words
    return ("an " if words[0] in "aeiou" else "a ") + words


def noun_phrases():
    """[(phrase, {fact: value})] for named subjects, by size (None first), then categories and bare scenes."""
    named = []
    for subject, names in enumerate(NAMES):
        for size in (None, 0, 1, 2):
            for k in range(4):
                name = names[k % len(names)]
                words = name if size is None else f"{SIZE_WORDS[size][k]} {name}"
                phrase = ("the " + words) if k == 3 and size is None else article(words)
                named.append((phrase, dict(subject=subject, **({} if size is None else {"size": size}))))
    return named


@functools.lru_cache(maxsize=1)
def vocabulary():
    """Word -> id; <eot> has the highest id, so that pooling at the highest id finds it."""
    texts = [p for p, _ in noun_phrases()] + OPENINGS + sum(STYLE_OPENINGS, []) + sum(PLACES.values(), []) + PLAIN_PLACES + list(COLOURS)
    texts += sum(TIMES, []) + sum(FOCUS_PHRASES, []) + sum(VEGETATION_PHRASES, []) + sum(CATEGORY_PHRASES, []) + INANIMATE_PHRASES + ALONE
    texts += SIZES + LIGHTS + CATEGORIES + BACKGROUNDS + ["large dominant subject", "small or subtle subject"]
    words = {word for text in texts for word in text.replace("{}", "").split()} | set(FUNCTION_WORDS)
    vocab = {"<pad>": 0, "<unk>": 1, "<sot>": 2}
    for word in sorted(words):
        vocab[word] = len(vocab)
    vocab["<eot>"] = len(vocab)
    return vocab


def encode(texts, context=CONTEXT):
    """Lower case, punctuation to spaces, whole words; int64 (n, context)."""
    vocab, out = vocabulary(), torch.zeros(len(texts), context, dtype=torch.long)
    for row, text in zip(out, texts):
        words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
        ids = [vocab["<sot>"]] + [vocab.get(word, 1) for word in words][:context - 2] + [vocab["<eot>"]]
        row[:len(ids)] = torch.tensor(ids)
    return out


class Table:
    """Phrases as padded word ids; row r belongs to (value, choice) with choices per value equal."""

    def __init__(self, phrases, device):
        vocab = vocabulary()
        self.choices = max(map(len, phrases))
        rows = [[vocab[w] for w in group[k % len(group)].split()] for group in phrases for k in range(self.choices)]
        self.ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
        for row, ids in zip(self.ids, rows):
            row[:len(ids)] = torch.tensor(ids, dtype=torch.long)
        self.ids = self.ids.to(device)

    def __call__(self, value, bits):
        return self.ids[value * self.choices + below(bits, self.choices)]


def facts(labels):
    """What a caption can state of each scene: {fact: int64 (n,)}; -1 where the fact has no value."""
    column = lambda name: labels[:, COLUMN[name]]
    background, none = column("background"), torch.full_like(labels[:, 0], -1)
    category = torch.tensor(CATEGORY_OF, device=labels.device)[column("subject")]
    green = sum((background == b).long() for b in VEGETATION)
    light = torch.where(background == SPACE, none, column("light"))
    return dict(subject=column("subject"), category=category, animate=(category == 0).long(), style=column("style"), background=background,
                light=light, size=column("size"), focus=torch.where((background == PLAIN) & (column("focus") == 0), none, column("focus")),
                vegetation=green)


class Grammar:
    def __init__(self, device="cpu"):
        self.device = torch.device(device)
        table = lambda phrases: Table(phrases, self.device)
        named = [phrase for phrase, _ in noun_phrases()]
        self.named = table([named[k:k + 4] for k in range(0, len(named), 4)])  # value: subject * 4 + (0 or 1 + size)
        self.category, self.animate = table(CATEGORY_PHRASES), table([INANIMATE_PHRASES, CATEGORY_PHRASES[0]])
        self.alone, self.opening, self.style = table([ALONE]), table([OPENINGS]), table(STYLE_OPENINGS)
        colours = [[p.format(colour) for p in PLAIN_PLACES] for colour in COLOURS]
        self.place = table([PLACES[b] for b in BACKGROUNDS[:PLAIN]] + colours)
        self.time, self.focus, self.green = table(TIMES), table(FOCUS_PHRASES), table(VEGETATION_PHRASES)

    def __call__(self, labels, seed, start):
        """Captions of the scenes: word ids (n, CONTEXT) and the facts they state, {fact: bool (n,)}."""
        n = len(labels)
        index = torch.arange(start, start + n, device=self.device)
        u = lambda field: draw(seed, index, 100 + field)
        chance = lambda field, p: u(field) < int(p * 2 ** 32)
        known = facts(labels)
        which = u(0) / 2 ** 32
        named, category, animate = which < 0.86, (which >= 0.86) & (which < 0.91), (which >= 0.91) & (which < 0.93)
        sized = named & chance(1, 0.2)
        styled, placed = chance(2, 0.25), chance(3, 0.7) | (which >= 0.93)
        landscape = known["background"] < SPACE
        timed = landscape & chance(4, 0.55)
        focused = (known["focus"] >= 0) & (chance(5, 0.25) | ((known["focus"] == 2) & chance(6, 0.4)))
        green = ~placed & landscape & chance(7, 0.3)
        noun = self.join([
            self.show(self.named(known["subject"] * 4 + torch.where(sized, 1 + known["size"], torch.zeros_like(known["size"])), u(10)), named),
            self.show(self.category(known["category"], u(11)), category), self.show(self.animate(known["animate"], u(12)), animate),
            self.show(self.alone(torch.zeros_like(index), u(13)), which >= 0.93)])
        place = torch.where(known["background"] == PLAIN, PLAIN + known["light"] - LIGHT_PLAIN, known["background"])
        parts = [
            self.show(self.style(known["style"], u(14)), styled), self.show(self.opening(torch.zeros_like(index), u(15)), ~styled), noun,
            self.show(self.place(place, u(16)), placed), self.show(self.time(known["light"].clamp(0, 2), u(17)), timed),
            self.show(self.green(known["vegetation"], u(18)), green), self.show(self.focus(known["focus"].clamp(min=0), u(19)), focused)]
        words = self.compact(self.join(parts))[:, :CONTEXT - 2]
        ids = torch.zeros(n, CONTEXT, dtype=torch.long, device=self.device)
        ids[:, 0] = vocabulary()["<sot>"]
        ids[:, 1:1 + words.shape[1]] = words
        ids.scatter_(1, (ids != 0).sum(1, keepdim=True), vocabulary()["<eot>"])
        stated = dict(subject=named, category=category, animate=animate, style=styled, background=placed, size=sized, focus=focused,
                      light=timed | (placed & (known["background"] == PLAIN)), vegetation=green)
        return ids, stated

    @staticmethod
    def show(ids, visible):
        return ids * visible[:, None]

    @staticmethod
    def join(parts):
        return torch.cat(parts, 1)

    @staticmethod
    def compact(ids):
        """Moves the words to the left, padding to the right, order kept."""
        length = ids.shape[1]
        order = ((ids == 0).long() * length + torch.arange(length, device=ids.device)).argsort(1)
        return ids.gather(1, order)


def truth(labels, stated):
    """Boolean (scenes, captions): caption j, made for scene j, is also true of scene i."""
    known, good = facts(labels), None
    for fact in FACTS:
        agree = (known[fact][:, None] == known[fact][None]) | ~stated[fact][None]
        good = agree if good is None else good & agree
    return good


def classes():
    """Zero-shot prompts: {column: [[prompt, ...] per class]}."""
    subjects = [[f"{opening} {article(name)}" for opening in OPENINGS[:4] for name in names[:1]] for names in NAMES]
    backgrounds = [["a picture of a scene " + p for p in PLACES[b]] for b in BACKGROUNDS[:PLAIN]]
    backgrounds.append(["a picture of a scene " + p.format(c) for p in PLAIN_PLACES[:2] for c in COLOURS])
    lights = [["a picture of a scene " + p for p in phrases] for phrases in TIMES]
    return {"subject": subjects, "background": backgrounds, "light": lights,
            "style": [[o + " a scene" for o in group] for group in STYLE_OPENINGS],
            "focus": [["a picture of a scene " + p for p in phrases] for phrases in FOCUS_PHRASES]}


def describe(ids):
    """Word ids back to text, for logs."""
    words = {i: w for w, i in vocabulary().items()}
    return [" ".join(words[i] for i in row if i > 2 and words[i] != "<eot>") for row in ids.tolist()]
