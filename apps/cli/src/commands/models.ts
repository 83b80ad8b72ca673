// tessera models: what is known, what is here, and how to get the rest.
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import { addEngineOptions, type EngineFlags } from '../options/run-flags.ts';

export interface ModelFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

export interface CheckFlags extends EngineFlags {
  readonly image: string;
  readonly json?: boolean;
}

const actions = () => import('../actions/models.ts');

export function modelsCommand(program: Command, done: (code: ExitCode) => void): void {
  const models = program
    .command('models')
    .summary('list, fetch and check models')
    .description('Manages the models on this machine. The pocket models are always there; others are fetched once.')
    .addHelpText(
      'after',
      `
Examples:
  tessera models list
  tessera models pull vq-ll-32
  tessera models verify pocket-32
  tessera models check vq-ll-32 --image ILSVRC2012_val_00010240.JPEG
  tessera models path pocket-clip
  tessera models convert weights.bin -o weights.safetensors`,
    );
  const sub = (name: string, summary: string) =>
    models.command(name).description(summary).option('--json', 'JSON on standard output');
  sub('list', 'Lists every known model and whether it is here.').action(async (flags: ModelFlags) =>
    done(await (await actions()).list(flags)),
  );
  sub('pull', 'Fetches models; an interrupted download goes on where it stopped.')
    .argument('<model...>')
    .option('--quiet', 'no progress')
    .action(async (ids: string[], flags: ModelFlags) => done(await (await actions()).pull(ids, flags)));
  sub('verify', 'Hashes the files of models that are here.')
    .argument('[model...]', 'default: all that are here')
    .action(async (ids: string[], flags: ModelFlags) => done(await (await actions()).verify(ids, flags)));
  addEngineOptions(sub('check', 'Encodes an image whose tokens are published, and counts how many come out.'))
    .argument('<model>', 'vq-ll-32')
    .requiredOption('--image <file>', 'ImageNet validation image 00010240')
    .action(async (id: string, flags: CheckFlags) => {
      const { check } = await import('../actions/check-model.ts');
      done(await check(id, flags));
    });
  sub('path', 'Prints the folder of a model.')
    .argument('<model>')
    .action(async (id: string, flags: ModelFlags) => done(await (await actions()).path(id, flags)));
  sub('convert', 'Writes a PyTorch checkpoint as safetensors. Nothing in the file is run.')
    .argument('<file>')
    .option('-o, --out <file>', 'safetensors file to write')
    .option('--force', 'write over an existing file')
    .action(async (file: string, flags: ModelFlags) => done(await (await actions()).convert(file, flags)));
}
