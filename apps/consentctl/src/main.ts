#!/usr/bin/env node
import { EXIT } from './exit-codes.js';
import { run } from './run.js';

const goesOn = new Map<string, string>();
process.once('SIGINT', () => {
  process.stderr.write(`consentctl: ${['interrupted', ...new Set(goesOn.values())].join('; ')}\n`);
  process.exit(EXIT.interrupted);
});
// The reader of a pipe may leave first: `consentctl … | head`.
process.stdout.on('error', () => process.exit(EXIT.ok));

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  now: Date.now,
  goesOn: (id, what) => void goesOn.set(id, what),
});
