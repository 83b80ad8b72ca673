// For tests of this and other packages: a fresh database in half a second, and a private PostgreSQL where there is one.

export { type PrivatePostgres, startPostgres } from './testing/postgres.ts';
export { openTestDatabase, testTemplate } from './testing/template.ts';
