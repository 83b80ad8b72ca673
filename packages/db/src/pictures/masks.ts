// Masks of a seed: where a run may change the picture. A mask has the size of its seed.
import { checkInteger, checkName } from '../checks.ts';
import { type Database, query, transaction } from '../database.ts';
import { InputError, NotFoundError } from '../errors.ts';
import { knownId, newId } from '../ids.ts';

export interface Mask {
  readonly id: string;
  readonly workspaceId: string;
  readonly seedId: string;
  readonly name: string;
  readonly blobId: string;
  readonly width: number;
  readonly height: number;
  readonly createdById: string;
  readonly createdAt: Date;
}

/** @throws NotFoundError when seed or blob are not in the workspace, InputError when the sizes differ */
export async function createMask(
  database: Database,
  input: Omit<Mask, 'id' | 'createdAt' | 'createdById'> & { readonly userId: string },
): Promise<Mask> {
  const { workspaceId, userId } = input;
  const width = checkInteger('width', input.width, 1, 65_535);
  const height = checkInteger('height', input.height, 1, 65_535);
  return transaction(database, async (sql) => {
    const seedId = knownId('seed', input.seedId);
    const blobId = knownId('blob', input.blobId);
    const seed = await sql.seed.findFirst({ where: { id: seedId, workspaceId } });
    if (!seed) throw new NotFoundError('seed', seedId);
    if ((await sql.blob.count({ where: { id: blobId, workspaceId } })) === 0) throw new NotFoundError('blob', blobId);
    if (seed.width !== width || seed.height !== height) {
      const size = `${seed.width} x ${seed.height} px`;
      throw new InputError('mask', `is ${width} x ${height} px and its seed ${size}; make the mask ${size}`);
    }
    const name = checkName(input.name);
    const createdAt = new Date();
    return sql.mask.create({
      data: { id: newId(), workspaceId, seedId, blobId, name, width, height, createdById: userId, createdAt },
    });
  });
}

/** @throws NotFoundError */
export async function getMask(database: Database, workspaceId: string, maskId: string): Promise<Mask> {
  const where = { id: knownId('mask', maskId), workspaceId };
  const row = await query(database, (sql) => sql.mask.findFirst({ where }));
  if (!row) throw new NotFoundError('mask', maskId);
  return row;
}

/** Newest first. */
export async function listMasks(database: Database, workspaceId: string, seedId: string): Promise<Mask[]> {
  const where = { seedId: knownId('seed', seedId), workspaceId };
  return query(database, (sql) => sql.mask.findMany({ where, orderBy: { id: 'desc' } }));
}

/** @throws NotFoundError */
export async function deleteMask(database: Database, workspaceId: string, maskId: string): Promise<void> {
  const where = { id: knownId('mask', maskId), workspaceId };
  const { count } = await query(database, (sql) => sql.mask.deleteMany({ where }));
  if (count === 0) throw new NotFoundError('mask', maskId);
}
