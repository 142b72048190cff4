import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');

const BOUNDARY = '@nx/enforce-module-boundaries';

/** What is planted, in which file, and the rules that must report it. The files themselves stay as they are. */
const PLANTED: [string, string, string, string[]][] = [
  [
    'a system that imports the rules',
    'apps/directory-listing/src/main.ts',
    "import '@consent/consent-rules';",
    [BOUNDARY],
  ],
  ['a system that imports Kafka', 'apps/directory-listing/src/main.ts', "import '@consent/kafka';", [BOUNDARY]],
  [
    'an app that imports an app',
    'apps/group-sharing/src/main.ts',
    "import '../../directory-listing/src/on-decision.js';",
    [BOUNDARY],
  ],
  ['a lib that imports upwards', 'libs/events/src/triple.ts', "import '@consent/postgres';", [BOUNDARY]],
  [
    'kafkajs outside libs/kafka',
    'apps/propagation-monitor/src/main.ts',
    "import 'kafkajs';",
    ['no-restricted-imports'],
  ],
  [
    'a part of kafkajs outside libs/kafka',
    'apps/directory-listing/src/main.ts',
    "import 'kafkajs/src/cluster/index.js';",
    ['no-restricted-imports'],
  ],
  ['kafkajs loaded later', 'apps/directory-listing/src/main.ts', "await import('kafkajs');", ['no-restricted-syntax']],
  [
    'what is for specs in a service',
    'apps/directory-listing/src/main.ts',
    "import '@consent/testing';",
    ['no-restricted-imports'],
  ],
  [
    'what is for specs in libs/kafka',
    'libs/kafka/src/index.ts',
    "import '@consent/testing';",
    ['no-restricted-imports'],
  ],
  [
    'Nest in the core of the consumer',
    'libs/decision-consumer/src/chunk/run-chunk.ts',
    "import '@nestjs/common';",
    ['no-restricted-imports'],
  ],
  [
    'a door with another idea of an id',
    'apps/group-sharing/src/main.ts',
    "import { z } from 'zod';\nexport const id = z.uuid();",
    ['no-restricted-syntax'],
  ],
  [
    'a door with another idea of an id, said of a text',
    'apps/group-sharing/src/main.ts',
    "import { z } from 'zod';\nexport const id = z.string().uuid();",
    ['no-restricted-syntax'],
  ],
  ['fetch in a service', 'apps/group-sharing/src/main.ts', "void fetch('http://a');", ['no-restricted-globals']],
  [
    'any, a floating promise, and process.env outside config.ts',
    'libs/events/src/triple.ts',
    'export function f(x: any): void {\n  void x;\n  Promise.resolve(process.env);\n}',
    ['@typescript-eslint/no-explicit-any', '@typescript-eslint/no-floating-promises', 'no-restricted-properties'],
  ],
];
const ALLOWED = [
  ['apps/directory-listing/src/main.ts', "import '@consent/decision-consumer';\n"],
  ['libs/decision-consumer/src/nest/strategy.ts', "import '@nestjs/common';\n"],
  ['libs/kafka/src/index.ts', "import 'kafkajs';\n"],
];

/** One run for all, since ESLint loads the whole program once; Jest cannot load ESLint itself. */
function lint(cases: (readonly string[])[]): string[][] {
  const run = spawnSync(
    process.execPath,
    ['tools/checks/lint-text.mjs', JSON.stringify(cases.map(([file = '', text]) => [path.join(root, file), text]))],
    {
      cwd: root,
      encoding: 'utf8',
      // In a single run, which it guesses from CI, typescript-eslint reads the files and not the text it is given.
      env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '', CI: '', TSESLINT_SINGLE_RUN: 'false' },
    },
  );
  if (run.status !== 0) throw new Error(`ESLint failed: ${run.stderr}`);
  return JSON.parse(run.stdout) as string[][];
}

describe('Fences', () => {
  let found: string[][];
  beforeAll(() => {
    found = lint([...PLANTED.map(([, file, text]) => [file, `${text}\n`]), ...ALLOWED]);
  }, 180_000);

  it.each(PLANTED.map(([what, , , rules], index) => [what, rules, index] as const))(
    '%s is caught',
    (_, rules, index) => {
      expect(found[index]).toEqual(expect.arrayContaining(rules));
    },
  );

  it('what the fences allow passes', () => {
    expect(found.slice(PLANTED.length)).toEqual(ALLOWED.map(() => []));
  });
});
