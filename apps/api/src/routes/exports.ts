// GET /exports/:ticket: one file of a run, for download; made while it is sent where it is long.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Services } from '@tessera/schema';
import { Router } from 'express';
import { exportRun, Turns } from '../exports/index.ts';
import { answerError } from './errors.ts';

export function exportRoutes(services: Services): Router {
  const { filmsAtOnce: atOnce, filmsWaiting: waiting } = services.limits;
  const turns = new Turns({ atOnce, waiting });
  const router = Router();
  router.get('/:ticket', async (req, res) => {
    const subject = await services.tickets.open(req.params.ticket);
    if (subject.kind !== 'run-export') return answerError(res, 'NOT_FOUND', 'This address is no download.');
    // Whoever leaves does not keep an encoder busy.
    const left = new AbortController();
    res.once('close', () => left.abort());
    const { contentType, filename, bytes } = await exportRun({ ...services, turns }, subject, left.signal);
    res.setHeader('cache-control', 'no-store');
    res.attachment(filename);
    res.setHeader('content-type', contentType);
    if (bytes instanceof Uint8Array) return void res.end(bytes);
    await pipeline(Readable.from(bytes), res).catch((error: unknown) => {
      if (!left.signal.aborted) throw error;
    });
  });
  return router;
}
