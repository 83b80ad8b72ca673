// The schema as SDL, as it is checked in.
import { printSchema } from 'graphql';
import { schema } from './schema.ts';

const HEADER = "# The studio's GraphQL schema. Printed by `npm run print -w packages/schema`; change it in src.\n\n";

export const printedSchema = (): string => `${HEADER}${printSchema(schema)}\n`;
