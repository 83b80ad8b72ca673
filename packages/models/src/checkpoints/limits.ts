// Every limit of the checkpoint readers, in one place.

/** Limits that keep a hostile file from costing more than its own size in time or memory. */
export interface CheckpointLimits {
  /** Longest safetensors header, bytes. Default 4 MiB: ViT-L with its decoder needs 80 kB. */
  readonly headerBytes: number;
  /** Most tensors in one file, count. Default 20,000: thirty times the largest model we know. */
  readonly tensors: number;
  /** Most dimensions of one tensor, count. Default 8: convolutions have 4, saved token histories 5. */
  readonly rank: number;
  /** Longest tensor name, UTF-16 units. Default 512: names end up in error messages and ONNX graphs. */
  readonly nameLength: number;
  /** Longest `data.pkl` inside a PyTorch archive, bytes. Default 4 MiB: about 150 bytes a tensor are usual. */
  readonly pickleBytes: number;
  /** Most pickle opcodes, count. Default 1,000,000: a tensor takes about 35; bounds memory however the bytes are used. */
  readonly pickleOpcodes: number;
  /** Largest zip directory of a PyTorch archive, bytes. Default 8 MiB: one entry of about 100 bytes a tensor. */
  readonly zipDirectoryBytes: number;
  /** Deepest nesting of modules in a TorchScript archive, count. Default 32: CLIP has 6. */
  readonly moduleDepth: number;
}

export const defaultCheckpointLimits: CheckpointLimits = {
  headerBytes: 4 * 1024 * 1024,
  tensors: 20_000,
  rank: 8,
  nameLength: 512,
  pickleBytes: 4 * 1024 * 1024,
  pickleOpcodes: 1_000_000,
  zipDirectoryBytes: 8 * 1024 * 1024,
  moduleDepth: 32,
};
