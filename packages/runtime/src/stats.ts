// Memory of this process: now and at its peak.
import { readFileSync } from 'node:fs';
import type { EngineStats } from './child/protocol.ts';

export function processMemory(): EngineStats {
  return { pid: process.pid, rssBytes: process.memoryUsage.rss(), peakRssBytes: peakRss() };
}

function peakRss(): number {
  if (process.platform === 'linux') {
    // getrusage's peak is inherited over fork and exec, so a child of a large server would report the server's; VmHWM is its own.
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}
