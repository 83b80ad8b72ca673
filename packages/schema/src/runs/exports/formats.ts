// The forms in which a run can be downloaded: name ending and content type of each, and which options mean something.
export const RUN_EXPORTS = {
  PNG: { ending: 'png', contentType: 'image/png', options: ['step', 'size'] },
  GIF: { ending: 'gif', contentType: 'image/gif', options: ['size', 'fps', 'stride'] },
  WEBP: { ending: 'webp', contentType: 'image/webp', options: ['size', 'fps', 'stride'] },
  MP4: { ending: 'mp4', contentType: 'video/mp4', options: ['size', 'fps', 'stride'] },
  WEBM: { ending: 'webm', contentType: 'video/webm', options: ['size', 'fps', 'stride'] },
  NPZ: { ending: 'npz', contentType: 'application/zip', options: ['stride'] },
  SAFETENSORS: { ending: 'safetensors', contentType: 'application/octet-stream', options: ['stride'] },
  JSON: { ending: 'json', contentType: 'application/json', options: ['stride'] },
  CSV: { ending: 'csv', contentType: 'text/csv; charset=utf-8', options: ['stride'] },
  MANIFEST: { ending: 'manifest.json', contentType: 'application/json', options: [] },
  CHECKPOINT: { ending: 'checkpoint.safetensors', contentType: 'application/octet-stream', options: [] },
} as const satisfies Record<
  string,
  {
    readonly ending: string;
    readonly contentType: string;
    readonly options: readonly ('step' | 'size' | 'fps' | 'stride')[];
  }
>;

export type RunExport = keyof typeof RUN_EXPORTS;

export function isRunExport(name: string): name is RunExport {
  return Object.hasOwn(RUN_EXPORTS, name);
}

/** A file name that every system takes: the run's name in plain letters, its first digits, the ending of the format. */
export function exportFilename(
  run: { readonly id: string; readonly name: string | null },
  format: RunExport,
  step?: number,
): string {
  const name = (run.name ?? 'run')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\w-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  // The tail of an id is random; its head is the time.
  const parts = [name || 'run', run.id.slice(-8), ...(step === undefined ? [] : [`step-${step}`])];
  return `${parts.join('-')}.${RUN_EXPORTS[format].ending}`;
}
