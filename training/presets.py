"""Sizes, batch sizes and schedules: tiny (smoke test), cpu (two cores), gpu (one large accelerator), pocket-* (variants, for a GPU)."""

TOKENIZER = {
    "tiny": dict(image=128, tokens=32, codebook=256, token_size=12, enc_width=64, dec_width=64, heads=2, enc_layers=1, dec_layers=1,
                 enc_patch=16, dec_patch=8, head_kernel=3, batch=16, lr=1e-3, average=0.95, quantise_from=6, keep=64, full_from=0.6, borders=0.03, hold=0.6, warmup=5),
    "cpu": dict(image=128, tokens=32, codebook=4096, token_size=12, enc_width=192, dec_width=192, heads=6, enc_layers=3, dec_layers=5,
                enc_patch=16, dec_patch=16, head_kernel=3, batch=16, lr=1e-3, average=0.998, quantise_from=400, keep=64, full_from=0.0, borders=0.03, hold=0.6, warmup=100),
    "gpu": dict(image=128, tokens=32, codebook=4096, token_size=12, enc_width=256, dec_width=256, heads=8, enc_layers=3, dec_layers=6,
                enc_patch=8, dec_patch=8, head_kernel=3, batch=512, lr=1.5e-3, average=0.9995, quantise_from=1000, keep=128, full_from=0.6, borders=0.03, hold=0.6, warmup=300),
}
# Small variants for the paper's comparisons (Tables 2 and 3): more tokens, continuous tokens, tokens on a grid. Two to three megabytes each.
SMALL = dict(TOKENIZER["gpu"], enc_width=128, dec_width=128, heads=4, enc_layers=2, dec_layers=3, enc_patch=16, dec_patch=16, full_from=0.0)
GRID = dict(grid=True, borders=0, pixel_channels=16, pixel_hidden=32, pixel_mult=[1, 1, 2, 2, 4], pixel_blocks=1, token_size=16, codebook=1024)
TOKENIZER.update({
    "pocket-64": dict(SMALL, tokens=64),
    "pocket-vae": dict(SMALL, vae=True, token_size=16, codebook=0, commitment=0.002),
    "pocket-2d": dict(SMALL, tokens=64, **GRID),
    "tiny-64": dict(TOKENIZER["tiny"], tokens=64),
    "tiny-vae": dict(TOKENIZER["tiny"], vae=True, token_size=16, codebook=0, commitment=0.002),
    "tiny-2d": dict(TOKENIZER["tiny"], tokens=64, **dict(GRID, codebook=256), full_from=0.0),
})
# The same with the convolutional pixel decoder of MaskGIT-VQGAN instead of the direct-pixel head (decoder patch 16).
VQGAN_HEAD = dict(dec_patch=16, borders=0, pixel_codes=256, pixel_channels=64, pixel_hidden=64, pixel_mult=[1, 1, 1, 2, 2], pixel_blocks=1)

CLIP = {
    "tiny": dict(image=112, patch=16, width=64, layers=1, heads=1, text_width=64, text_layers=1, text_heads=1, context=24, embed=32, batch=32, lr=1e-3, average=0.95),
    "cpu": dict(image=112, patch=16, width=192, layers=5, heads=3, text_width=128, text_layers=3, text_heads=2, context=24, embed=128, batch=64, lr=1e-3, average=0.998),
    "gpu": dict(image=112, patch=14, width=192, layers=5, heads=3, text_width=128, text_layers=3, text_heads=2, context=24, embed=128, batch=1024, lr=1.5e-3, average=0.999),
}
SIGLIP = {
    "tiny": dict(image=128, patch=16, width=64, layers=1, heads=2, context=24, batch=32, lr=1e-3, average=0.95),
    "cpu": dict(image=128, patch=16, width=192, layers=4, heads=6, context=24, batch=64, lr=1e-3, average=0.998),
    "gpu": dict(image=128, patch=8, width=160, layers=4, heads=5, context=24, batch=1024, lr=1.5e-3, average=0.999),
}
JUDGE = {
    "tiny": dict(widths=[8, 16, 24, 32], pool=2, batch=32, lr=2e-3, average=0.95),
    "cpu": dict(widths=[32, 64, 128, 192], pool=2, batch=64, lr=3e-3, average=0.99),
    "gpu": dict(widths=[32, 64, 128, 256], pool=1, batch=1024, lr=2e-3, average=0.999),
}
