// sharp, set up once: only the JPEG, PNG and WebP decoders, from memory; no operation cache.
import sharp from 'sharp';

// libvips picks a loader by content: without the block an SVG or TIFF that slipped past the sniffer would still be
// parsed. Encoders are not affected.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});
// The cache keeps decoded uploads alive and we never decode the same buffer twice.
sharp.cache(false);

export { sharp };
