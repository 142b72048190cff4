import { parseArgs } from 'node:util';
import { StackError } from '../stack/stack-error.ts';

export const STEPS = ['idle', 'latency', 'sustained', 'drain', 'peer'] as const;

export interface BenchOptions {
  steps: (typeof STEPS)[number][];
  /** Decisions a second of the sustained step. */
  rate: number;
  seconds: number;
  /** Decisions to drain. */
  backlog: number;
  /** Decisions in one request of the sustained step. */
  lines: number;
  trueCatalogue: boolean;
  statements: boolean;
}

/** @throws StackError when an argument is unknown or has no such value */
export function benchOptions(args: string[]): BenchOptions {
  const values = parsed(args);
  return {
    steps: values.steps.split(',').map(step),
    rate: count('rate', values.rate),
    seconds: count('seconds', values.seconds),
    backlog: count('backlog', values.backlog),
    lines: count('lines', values.lines),
    trueCatalogue: values['true-catalogue'],
    statements: values.statements,
  };
}

const OPTIONS = {
  steps: { type: 'string', default: STEPS.join(',') },
  rate: { type: 'string', default: '1350' },
  seconds: { type: 'string', default: '60' },
  backlog: { type: 'string', default: '100000' },
  lines: { type: 'string', default: '100' },
  'true-catalogue': { type: 'boolean', default: false },
  statements: { type: 'boolean', default: false },
} as const;

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (cause) {
    const [what] = (cause as Error).message.split('. ');
    const known = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw new StackError(`${what}: expected ${known.join(', ')}`);
  }
}

function step(name: string): (typeof STEPS)[number] {
  const found = STEPS.find((known) => known === name);
  if (found) return found;
  throw new StackError(`--steps: no step is called '${name}': expected ${STEPS.join(', ')}`);
}

/** A whole number that an option gives. @throws StackError when it is none */
export function count(option: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new StackError(`--${option}: '${text}' is none: expected a whole number from 1 to 9999999`);
}
