// Enters files of facts, decisions and bundles through the public API.
// By hand: CONSENT_TOKEN=… node tools/demo/feed.ts --dir <folder> --url <consent-service>
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ConsentClient, ConsentRequestError } from './consent-client.ts';
import { FILES } from './files.ts';
import { type Chunk, lineChunks } from './line-chunks.ts';

export interface FeedOptions {
  dir: string;
  consentUrl: string;
  token: string;
  /** Lines a second. Default: as fast as the service answers. */
  ratePerSecond?: number;
  onProgress?: (progress: FeedResult) => void;
  signal?: AbortSignal;
}

export interface Reject {
  file: string;
  line: number;
  status: number;
  why: string;
}

export interface FeedResult {
  /** Decisions recorded, those of bundles included. */
  accepted: number;
  /** Lines refused, of any file. */
  refused: number;
  /** People whose facts were stored. */
  facts: number;
  bundles: number;
  /** The first refused lines, with the reason. */
  rejects: Reject[];
}

const LINES = 1_000;
const BYTES = 512 * 1_024;
const KEPT_REJECTS = 1_000;
const BUNDLES_AT_ONCE = 8;

/**
 * Enters the files one after the other; a line that is refused is listed and the rest goes on.
 * @throws ConsentRequestError when a whole batch is refused (token, size); Error when the service stays away
 */
export async function feed(options: FeedOptions): Promise<FeedResult> {
  const client = new ConsentClient(options);
  const result: FeedResult = { accepted: 0, refused: 0, facts: 0, bundles: 0, rejects: [] };
  const pace = pacer(options.ratePerSecond, options.signal);
  const reject = (found: Reject): void => {
    result.refused += 1;
    if (result.rejects.length < KEPT_REJECTS) result.rejects.push(found);
  };

  const sendBatch = async (file: string, url: string, chunk: Chunk): Promise<number> => {
    const answers = await client.sendLines(url, chunk.lines);
    for (const { line, status, problem } of answers)
      if (status >= 300)
        reject({ file, line: chunk.from + line - 1, status, why: problem?.detail ?? problem?.type ?? 'no reason' });
    return answers.filter(({ status }) => status < 300).length;
  };
  const sendBundle = async (file: string, json: string, line: number): Promise<void> => {
    try {
      const { changed } = await client.sendJson<{ changed: unknown[] }>('POST', '/v1/bundles', json);
      result.accepted += changed.length;
      result.bundles += 1;
    } catch (error) {
      if (!(error instanceof ConsentRequestError) || error.status === 401 || error.status === 403) throw error;
      reject({ file, line, status: error.status, why: error.message });
    }
  };
  const each = async (name: string, send: (chunk: Chunk) => Promise<void>): Promise<void> => {
    const file = path.join(options.dir, name);
    if (!existsSync(file)) return;
    for await (const chunk of lineChunks(file, { lines: pace.portion, bytes: BYTES })) {
      await pace.wait(chunk.lines.length);
      await send(chunk);
      options.onProgress?.(result);
    }
  };

  await each(FILES.facts, async (chunk) => {
    result.facts += await sendBatch(FILES.facts, '/v1/facts/batch', chunk);
  });
  await each(FILES.decisions, async (chunk) => {
    result.accepted += await sendBatch(FILES.decisions, '/v1/decisions/batch', chunk);
  });
  await each(FILES.bundles, async ({ lines, from }) => {
    for (let i = 0; i < lines.length; i += BUNDLES_AT_ONCE) {
      const some = lines.slice(i, i + BUNDLES_AT_ONCE);
      await Promise.all(some.map((json, n) => sendBundle(FILES.bundles, json, from + i + n)));
      options.onProgress?.(result);
    }
  });
  await each(FILES.secondThoughts, async (chunk) => {
    result.accepted += await sendBatch(FILES.secondThoughts, '/v1/decisions/batch', chunk);
  });
  return result;
}

/** Keeps a rate by waiting before a portion until it is due; a quarter of a second's worth goes at once. */
function pacer(rate: number | undefined, signal: AbortSignal | undefined) {
  const started = performance.now();
  let sent = 0;
  return {
    portion: rate === undefined ? LINES : Math.max(1, Math.min(LINES, Math.round(rate / 4))),
    wait: async (lines: number): Promise<void> => {
      if (rate !== undefined) {
        const early = started + (sent / rate) * 1_000 - performance.now();
        if (early > 1) await pause(early, undefined, { signal });
      }
      sent += lines;
    },
  };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string', default: 'traffic' },
      url: { type: 'string', default: 'http://127.0.0.1:3000' },
      rate: { type: 'string' },
    },
  });
  const token = process.env['CONSENT_TOKEN'] ?? '';
  if (token === '') {
    console.error('CONSENT_TOKEN is not set; expected the bearer token of a caller that may record');
    process.exit(2);
  }
  const { rejects, ...counts } = await feed({
    dir: values.dir,
    consentUrl: values.url,
    token,
    ...(values.rate !== undefined && { ratePerSecond: Number(values.rate) }),
  });
  for (const { file, line, status, why } of rejects) console.error(`${file}:${line}: ${status} ${why}`);
  console.log(counts);
  process.exitCode = counts.refused > 0 ? 1 : 0;
}
