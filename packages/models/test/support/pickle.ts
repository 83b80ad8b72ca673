// Builds small pickles and stored zip archives by hand, for archives that no honest program would write.

/** Bytes of a pickle from opcode characters (one byte each), numbers (one byte each) and texts ({ text } as BINUNICODE). */
export function pickle(...parts: (string | number | { readonly text: string })[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'number') return Buffer.of(part);
      if (typeof part === 'string') return Buffer.from(part, 'latin1');
      const bytes = Buffer.from(part.text);
      return Buffer.concat([Buffer.of(0x58, bytes.length & 255, bytes.length >> 8, 0, 0), bytes]);
    }),
  );
}

export interface ZipPart {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Compression method written into the headers; 0 is stored. The bytes are written as they are. */
  readonly method?: number;
  /** Sizes to claim instead of the true ones. */
  readonly claim?: number;
  /** Local header offset to claim. */
  readonly at?: number;
}

/** A zip archive with the given members, claims included. */
export function zip(parts: readonly ZipPart[]): Uint8Array {
  const chunks: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, method = 0, claim, at } of parts) {
    const title = Buffer.from(name);
    const size = claim ?? bytes.length;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(size, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(title.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(size, 20);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(title.length, 28);
    entry.writeUInt32LE(at ?? offset, 42);
    chunks.push(local, title, Buffer.from(bytes));
    directory.push(entry, title);
    offset += 30 + title.length + bytes.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...chunks, central, end]);
}

/** A PyTorch archive around a hand-made pickle, with one storage `0` of 24 bytes. */
export function torchArchive(data: Uint8Array): Uint8Array {
  return zip([
    { name: 'archive/data.pkl', bytes: data },
    { name: 'archive/data/0', bytes: new Uint8Array(24) },
  ]);
}
