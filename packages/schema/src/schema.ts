// The schema, once every file has added its types.
import { builder } from './builder.ts';
import './scalars.ts';
import './enums.ts';
import './people/user.ts';

export const schema = builder.toSchema({ sortSchema: false });
