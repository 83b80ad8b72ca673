"""The tokenizer that a preset or an exported config describes."""
from .titok import TiTok
from .vqgan import Vqgan


def tokenizer(c):
    return Vqgan(c) if c.get("grid") else TiTok(c)
