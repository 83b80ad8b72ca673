// GET /pictures/:ticket: the picture that a signed address names; the same for ever, so browsers never ask twice.
import type { PictureRenderer, Tickets } from '@tessera/schema';
import { Router } from 'express';
import { answerError } from './errors.ts';

export function pictureRoutes({
  tickets,
  pictures,
}: {
  readonly tickets: Tickets;
  readonly pictures: PictureRenderer;
}): Router {
  const router = Router();
  router.get('/:ticket', async (req, res) => {
    const subject = await tickets.open(req.params.ticket);
    if (subject.kind === 'run-export') return answerError(res, 'NOT_FOUND', 'This address shows no picture.');
    const { bytes, contentType, sha256 } = await pictures.render(subject);
    res.setHeader('cache-control', 'private, max-age=31536000, immutable');
    res.setHeader('etag', `"${sha256}"`);
    res.setHeader('content-type', contentType);
    // Sends 304 where the browser has this one.
    res.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });
  return router;
}
