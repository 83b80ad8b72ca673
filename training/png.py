"""Writes PNG files, contact sheets and line plots without any imaging library."""
import struct
import zlib

import numpy as np


def write_png(path, pixels):
    """pixels: uint8 (height, width, 3)."""
    height, width, _ = pixels.shape
    rows = pixels.reshape(height, width * 3)
    above = np.concatenate([np.zeros((1, width * 3), np.uint8), rows[:-1]])
    rows = np.concatenate([np.full((height, 1), 2, np.uint8), rows - above], 1)  # filter 2: difference to the row above

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)) + chunk(b"IEND", b""))


def to_uint8(images):
    """Float tensor (n, 3, h, w) in 0..1 -> uint8 array (n, h, w, 3)."""
    return (images.detach().float().cpu().clamp(0, 1) * 255 + 0.5).byte().permute(0, 2, 3, 1).numpy()


def sheet(path, rows):
    """rows: list of image tensors (n, 3, h, w) of one size; each becomes one row of the contact sheet."""
    write_png(path, np.concatenate([np.concatenate(list(to_uint8(row)), 1) for row in rows], 0))


PALETTE = [(31, 119, 180), (255, 127, 14), (44, 160, 44), (214, 39, 40), (148, 103, 189), (140, 86, 75)]


def plot(path, series, width=900, height=420):
    """series: {name: [(x, y), ...]}; every curve is scaled to its own range, dots joined by straight lines."""
    canvas = np.full((height, width, 3), 255, np.uint8)
    for colour, points in zip(PALETTE, series.values()):
        if len(points) < 2:
            continue
        xs, ys = np.array(points, float).T
        scale = lambda v, size: (v - v.min()) / max(float(np.ptp(v)), 1e-12) * (size - 21) + 10
        px = np.linspace(10, width - 11, 4 * width)
        py = np.interp(px, scale(xs, width), height - 1 - scale(ys, height))
        for offset in (0, 1):
            canvas[np.clip(py.astype(int) + offset, 0, height - 1), px.astype(int)] = colour
    write_png(path, canvas)
