// Prisma's command line: where the schema is, and how to do without its downloaded engine.
import { defineConfig } from 'prisma/config';

// generate, validate, format and version never start the schema engine, but look for its binary: any program will do.
// `migrate` is left alone: with internet, Prisma's own engine works on these migrations as well.
if (['generate', 'validate', 'format', 'version', '-v', '--version'].includes(process.argv[2] ?? '')) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
}

export default defineConfig({
  schema: '../../prisma/schema.prisma',
  migrations: { path: '../../prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
