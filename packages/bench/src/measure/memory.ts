// Peak resident memory of this process, in bytes.
import { readFileSync } from 'node:fs';

export function peakBytes(): number {
  if (process.platform === 'linux') {
    // getrusage's figure is inherited from the process that started this one.
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}
