// Output for programs.

/** One line of --json. Numbers that are not finite become null. */
export function writeJson(value: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
