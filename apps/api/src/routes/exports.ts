// GET /exports/:ticket: one file of a run, for download.
import type { Services } from '@tessera/schema';
import { Router } from 'express';
import { answerError } from './errors.ts';

export function exportRoutes(services: Services): Router {
  const router = Router();
  router.get('/:ticket', async (req, res) => {
    const subject = await services.tickets.open(req.params.ticket);
    if (subject.kind !== 'run-export') return answerError(res, 'NOT_FOUND', 'This address is no download.');
    answerError(res, 'UNAVAILABLE', 'Downloads are not there yet.');
  });
  return router;
}
