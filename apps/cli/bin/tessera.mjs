#!/usr/bin/env node
// Starts the command from any folder: the sources are TypeScript, tsx is found from this file.
import { register } from 'tsx/esm/api';

register();
await import('../src/main.ts');
