import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');

/** Rules that ESLint reports when `file` held `text`. The file itself stays as it is. */
function rulesBroken(file: string, text: string): string[] {
  const run = spawnSync(
    process.execPath,
    ['node_modules/eslint/bin/eslint.js', '--format', 'json', '--stdin', '--stdin-filename', path.join(root, file)],
    { cwd: root, input: text, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' } },
  );
  const report = JSON.parse(run.stdout) as { messages: { ruleId: string }[] }[];
  return report.flatMap((r) => r.messages.map((m) => m.ruleId));
}

const BOUNDARY = '@nx/enforce-module-boundaries';

describe('Fences', () => {
  it.each([
    ['a system that imports the rules', 'apps/directory-listing/src/main.ts', '@consent/consent-rules', BOUNDARY],
    ['a system that imports Kafka', 'apps/directory-listing/src/main.ts', '@consent/kafka', BOUNDARY],
    ['an app that imports an app', 'apps/group-sharing/src/main.ts', '@consent/directory-listing', BOUNDARY],
    ['a lib that imports upwards', 'libs/events/src/triple.ts', '@consent/postgres', BOUNDARY],
    ['kafkajs outside libs/kafka', 'apps/propagation-monitor/src/main.ts', 'kafkajs', 'no-restricted-imports'],
  ])('%s is caught', (_, file, imported, rule) => {
    expect(rulesBroken(file, `import '${imported}';\n`)).toContain(rule);
  });

  it('any, a floating promise, and process.env outside config.ts are caught', () => {
    const text = 'export function f(x: any): void {\n  void x;\n  Promise.resolve(process.env);\n}\n';
    expect(rulesBroken('libs/events/src/triple.ts', text)).toEqual(
      expect.arrayContaining([
        '@typescript-eslint/no-explicit-any',
        '@typescript-eslint/no-floating-promises',
        'no-restricted-properties',
      ]),
    );
  });

  it('what the fences allow passes', () => {
    expect(rulesBroken('apps/directory-listing/src/main.ts', "import '@consent/decision-consumer';\n")).toEqual([]);
  });
});
