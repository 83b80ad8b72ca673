// Writing and reading little-endian bytes; reading past the end is our own error.
import { StepFormatError } from '../errors.ts';

export class ByteWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;

  private room(count: number): DataView {
    if (this.length + count > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    const view = new DataView(this.bytes.buffer, this.length, count);
    this.length += count;
    return view;
  }

  byte(value: number): void {
    this.room(1).setUint8(0, value);
  }

  word(value: number): void {
    this.room(4).setUint32(0, value, true);
  }

  float(value: number): void {
    this.room(4).setFloat32(0, value, true);
  }

  raw(bytes: Uint8Array): void {
    const view = this.room(bytes.length);
    new Uint8Array(view.buffer, view.byteOffset, bytes.length).set(bytes);
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }
}

export class ByteReader {
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private take(count: number): number {
    const start = this.at;
    if (start + count > this.view.byteLength) {
      throw new StepFormatError(`${count} bytes are wanted at ${start}, the data ends at ${this.view.byteLength}.`);
    }
    this.at += count;
    return start;
  }

  byte(): number {
    return this.view.getUint8(this.take(1));
  }

  word(): number {
    return this.view.getUint32(this.take(4), true);
  }

  float(): number {
    return this.view.getFloat32(this.take(4), true);
  }

  floats(count: number): Float32Array {
    const start = this.take(count * 4);
    return Float32Array.from({ length: count }, (_, i) => this.view.getFloat32(start + i * 4, true));
  }

  raw(count: number): Uint8Array {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.take(count), count);
  }

  end(): void {
    if (this.at !== this.view.byteLength) {
      throw new StepFormatError(`${this.view.byteLength - this.at} bytes are left over.`);
    }
  }
}
