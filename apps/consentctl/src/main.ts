#!/usr/bin/env node
import { EXIT } from './exit-codes.js';
import { run } from './run.js';

const goesOn = new Map<string, string>();
process.once('SIGINT', () => {
  process.stderr.write(`consentctl: ${['interrupted', ...new Set(goesOn.values())].join('; ')}\n`);
  process.exit(EXIT.interrupted);
});
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // The reader of a pipe may leave first: `consentctl … | head`.
  if (code === 'EPIPE') process.exit(EXIT.ok);
  process.stderr.write(`consentctl: the answer cannot be written: ${message}\n`);
  process.exit(EXIT.incomplete);
});

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  now: Date.now,
  goesOn: (id, what) => void goesOn.set(id, what),
});
