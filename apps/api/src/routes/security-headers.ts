// What browsers are told about every answer.
import type { RequestHandler } from 'express';

/** The page: its own files, inline styles and the framework's inline scripts, pictures from memory, sockets to this server. */
const pagePolicy = (development: boolean) =>
  [
    "default-src 'self'",
    // The page's framework starts from inline scripts; in development it evaluates source maps.
    `script-src 'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self'${development ? ' ws: wss:' : ''}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

export function securityHeaders({ development }: { readonly development: boolean }): RequestHandler {
  const policy = pagePolicy(development);
  return (_req, res, next) => {
    res.setHeader('content-security-policy', policy);
    res.setHeader('x-content-type-options', 'nosniff');
    res.setHeader('x-frame-options', 'DENY');
    res.setHeader('referrer-policy', 'no-referrer');
    res.setHeader('cross-origin-opener-policy', 'same-origin');
    res.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=()');
    next();
  };
}
