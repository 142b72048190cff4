import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { EXIT } from './exit-codes.js';
import { runCommand } from './spec/run-command.js';

const DOCS = path.resolve(import.meta.dirname, '../../../docs');
const text = (file: string): string => readFileSync(path.join(DOCS, file), 'utf8');
const CATALOGUE = path.resolve(DOCS, '../catalogue');
const ID = '6c1f5f6e-3f0b-4c56-9f0e-0d7b3e0c8a11';

/** Command lines in code blocks and in code spans, with something that fits in place of what is in angle brackets. */
const commandLines = [
  ...new Set([...text('operations.md').matchAll(/(?:^|`)consentctl ([^`\n]+)/gm)].map(([, line]) => line ?? '')),
];
const filledIn = (line: string): string =>
  line
    .replaceAll('<system>', 'directory-listing')
    .replaceAll(/<(time|the same|before)[^>]*>/g, '2026-11-01T00:00:00Z')
    .replaceAll(/(release|discard) (.*) <id>/g, '$1 $2 1')
    .replaceAll(/<(subject|decision|replay|change|objection)>/g, ID)
    .replaceAll('--catalogue catalogue', `--catalogue "${CATALOGUE}"`)
    .replaceAll('--wait', '--wait --timeout 1');
/** Nobody listens on port 1. */
const NOWHERE = 'http://127.0.0.1:1';
const env = {
  CONSENT_URL: NOWHERE,
  MONITOR_URL: NOWHERE,
  SYSTEM_URLS: JSON.stringify({ 'directory-listing': NOWHERE }),
};

// The polling itself takes seconds, and a busy machine more.
jest.setTimeout(30_000);

describe('Documentation', () => {
  it('has command lines to try', () => expect(commandLines.length).toBeGreaterThan(10));

  it.each(commandLines)('consentctl %s is a command line that would run, if a server answered', async (line) => {
    const ended = await runCommand(filledIn(line), env);
    expect(ended.out + ended.err).toContain('no answer from');
    expect(ended.exitCode).toBe(EXIT.unreachable);
  });

  it('lists every exit code once', () => {
    const [, section = ''] = text('consentctl.md').split('## Exit codes');
    const codes = [...section.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
  });

  it('lists every setting', async () => {
    const { out } = await runCommand('--help');
    const flags = [...out.matchAll(/^ {2}(?:-h, )?(--[a-z-]+)/gm)]
      .map(([, flag]) => flag)
      .filter((f) => f !== '--help');
    expect(flags.length).toBeGreaterThan(5);
    for (const flag of flags) expect(text('consentctl.md')).toContain(`\`${flag}`);
  });
});
