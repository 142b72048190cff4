import { setTimeout as pause } from 'node:timers/promises';
import { CliError, mayPass } from '../cli-error.js';
import { type Context } from '../context.js';
import { sendFacts } from '../http/facts.js';
import { plural } from '../output/words.js';
import { Lane, type Pending } from './lane.js';
import { readFact } from './read-fact.js';
import { readLines } from './read-lines.js';
import { type Rejects } from './rejects.js';

export interface Loaded {
  lines: number;
  /** Of the lines, those that hold nothing and are passed over. */
  empty: number;
  loaded: number;
  /** Permissions that changed with the facts. */
  changes: number;
}

/** Requests under way at a time. Part of the keys: another number makes other requests of the same file. */
const LANES = 8;
const NOTE_EVERY_MS = 2_000;
const PATIENCE_MS = 60_000;
const PAUSE_MS = 1_000;

/**
 * Sends the facts of a file, one a line. The lines of one person keep their order; what the server does not take goes to
 * `rejects`. Ended at any point, the same load started again neither loses nor doubles anything.
 * @param run tells this load of a file from another load of the same file
 */
export async function loadFacts(
  { servers, now, note }: Context,
  chunks: AsyncIterable<Buffer>,
  rejects: Rejects,
  run: string,
): Promise<Loaded> {
  const done: Loaded = { lines: 0, empty: 0, loaded: 0, changes: 0 };
  let notedAt = now();
  const send = async (batch: readonly Pending[], key: string): Promise<void> => {
    const texts = batch.map(({ text }) => text);
    const answers = await untilTaken({ now, note }, () => sendFacts(servers.consent, texts, key));
    for (const [i, { status, changes = 0, problem }] of answers.entries()) {
      const { number, text } = batch[i] as Pending;
      if (problem) await rejects.add(number, problem, text);
      else if (status < 300) done.loaded += 1;
      done.changes += changes;
    }
    if (now() - notedAt < NOTE_EVERY_MS) return;
    notedAt = now();
    note(`${plural(done.lines, 'line')} read, ${done.loaded} loaded, ${rejects.count} rejected`);
  };
  const lanes = Array.from({ length: LANES }, (_, i) => new Lane(`${run} ${i}`, send));

  for await (const line of readLines(chunks)) {
    const fact = readFact(line);
    done.lines = line.number;
    if (fact.kind === 'bad') await rejects.add(line.number, fact.problem, fact.original);
    if (fact.kind === 'empty') done.empty += 1;
    if (fact.kind !== 'sendable') continue;
    const lane = lanes[laneOf(fact.subjectId)] as Lane;
    await lane.add({ number: line.number, text: fact.text });
  }
  for (const lane of lanes) await lane.drain();
  return done;
}

/** Ids are random: their first digits spread them evenly. What is no id is for the server to refuse. */
const laneOf = (subjectId: string): number => (Number.parseInt(subjectId.slice(0, 4), 16) || 0) % LANES;

/** Asks again while the server may be back in a moment; the key makes it one request. */
async function untilTaken<T>({ now, note }: Pick<Context, 'now' | 'note'>, attempt: () => Promise<T>): Promise<T> {
  // From the first failure: an attempt may itself take as long before it is given up.
  let deadline: number | undefined;
  for (let said = ''; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayPass(error)) throw error;
      const { message, exitCode } = error as CliError;
      deadline ??= now() + PATIENCE_MS;
      if (now() >= deadline)
        throw new CliError(exitCode, `${message}. Load the same file again: it goes on where it stopped`, {
          cause: error,
        });
      if (message !== said) note(`waiting: ${message}`);
      said = message;
      await pause(PAUSE_MS);
    }
  }
}
