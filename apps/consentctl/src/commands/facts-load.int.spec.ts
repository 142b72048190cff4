import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LONGEST_LINE } from '../facts/read-lines.js';
import { type FakeServer, fakeServer, type Request, status } from '../spec/fake-server.js';
import { runCommand } from '../spec/run-command.js';

jest.setTimeout(30_000);

interface Sent {
  subjectId: string;
  nth: number;
}
interface Reject {
  line: number;
  problem: { type: string; detail: string };
  original: string;
}

const person = (n: number): string => `${(n * 4_057).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
const facts = (subjectId: string, nth: number): string => JSON.stringify({ subjectId, nth });
const taken = ({ body }: Request) => (body as unknown[]).map((_, i) => ({ line: i + 1, status: 200, changes: 1 }));

describe('consentctl facts load', () => {
  let dir: string;
  let file: string;
  let server: FakeServer | undefined;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'facts-load-'));
    file = path.join(dir, 'facts.ndjson');
  });
  afterEach(async () => {
    await server?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const load = async (answer: (request: Request) => unknown, flags = '') => {
    await server?.close();
    server = await fakeServer({ 'POST /v1/facts/batch': answer });
    return runCommand(`facts load "${file}" ${flags}`, { CONSENT_URL: server.url, CONSENT_TOKEN: 't' });
  };
  const rejects = (): Reject[] =>
    readFileSync(`${file}.rejected.ndjson`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Reject);

  it('sends every line once, and those of one person in their order', async () => {
    const lines = Array.from({ length: 5_000 }, (_, i) => facts(person(i % 700), i));
    writeFileSync(file, `${lines.join('\n')}\n`);
    const ended = await load(taken, '--json');
    expect(ended.exitCode).toBe(0);
    expect(ended.json()).toMatchObject({ lines: 5_000, loaded: 5_000, changes: 5_000, rejected: 0, rejectFile: null });
    const sent = (server?.requests ?? []).flatMap(({ body }) => body as Sent[]);
    expect(sent).toHaveLength(5_000);
    for (const own of Map.groupBy(sent, ({ subjectId }) => subjectId).values())
      expect(own.map(({ nth }) => nth)).toEqual(own.map(({ nth }) => nth).toSorted((a, b) => a - b));
    expect(existsSync(`${file}.rejected.ndjson`)).toBe(false);
  });

  it('rejects lines on Node 20 too, with which `node apps/consentctl/dist/main.js` may be run', async () => {
    const newer = Object.getOwnPropertyDescriptor(Promise, 'withResolvers') ?? {};
    writeFileSync(file, `not json\n${facts(person(1), 1)}\n`);
    try {
      Object.defineProperty(Promise, 'withResolvers', { ...newer, value: undefined });
      expect(await load(taken)).toMatchObject({ exitCode: 1 });
    } finally {
      Object.defineProperty(Promise, 'withResolvers', newer);
    }
    expect(rejects()).toMatchObject([{ line: 1, original: 'not json' }]);
  });

  it('puts what is wrong into the reject file with its number, its reason and the line as it was; exit code 1', async () => {
    const good = facts(person(1), 1);
    const long = `{"x":"${'y'.repeat(LONGEST_LINE)}"}`;
    const refusedLine = JSON.stringify({ subjectId: person(2), roles: ['king'] });
    writeFileSync(
      file,
      Buffer.concat([
        Buffer.from(`${good}\r\n\nnot json\n${long}\n`),
        Buffer.from([0x7b, 0xff, 0x7d, 0x0a]),
        Buffer.from(`${refusedLine}\n${good}`),
      ]),
    );
    const problem = {
      type: 'urn:consent:problem:invalid-input',
      title: 't',
      status: 422,
      detail: 'roles.0: expected …',
    };
    const ended = await load(({ body }) =>
      (body as { roles?: unknown }[]).map(({ roles }, i) =>
        roles ? { line: i + 1, status: 422, problem } : { line: i + 1, status: 200, changes: 0 },
      ),
    );
    expect(ended.exitCode).toBe(1);
    expect(ended.out).toContain('7 lines: 2 loaded, 4 rejected, 1 empty, ');
    const found = rejects().toSorted((a, b) => a.line - b.line);
    expect(found.map(({ line }) => line)).toEqual([3, 4, 5, 6]);
    expect(found[0]).toMatchObject({ original: 'not json', problem: { type: 'urn:consent:problem:malformed-json' } });
    expect(found[1]?.problem.detail).toContain(`more than ${LONGEST_LINE} bytes; expected one JSON object`);
    expect(found[2]?.problem.detail).toContain('not UTF-8; expected');
    expect(found[3]).toEqual({ line: 6, problem, original: refusedLine });
  });

  it('keeps any number of wrong lines, and leaves nothing waiting on the reject file', async () => {
    const warnings: Error[] = [];
    const keep = (warning: Error) => void warnings.push(warning);
    process.on('warning', keep);
    writeFileSync(file, 'not json\n'.repeat(20_000));
    const ended = await load(taken, '--json');
    process.off('warning', keep);
    expect(ended.json()).toMatchObject({ lines: 20_000, loaded: 0, rejected: 20_000 });
    expect(rejects().map(({ line }) => line)).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 1));
    expect(warnings).toEqual([]);
  });

  it('takes no compressed file, and says how to mend it', async () => {
    writeFileSync(file, gzipSync(facts(person(1), 1)));
    const ended = await load(taken);
    expect([ended.exitCode, ended.err]).toEqual([2, expect.stringContaining('is compressed; expected its text')]);
    expect(server?.requests).toEqual([]);
  });

  it('accounts for every line of the file, the empty ones too, and says nothing of them where there are none', async () => {
    writeFileSync(file, `${facts(person(1), 1)}\n\n \nx\n`);
    const ended = await load(taken, '--json');
    const { lines, loaded, rejected, empty } = ended.json() as Record<string, number>;
    expect({ lines, loaded, rejected, empty }).toEqual({ lines: 4, loaded: 1, rejected: 1, empty: 2 });
    writeFileSync(file, facts(person(1), 1));
    expect((await load(taken)).out).toMatch(/^1 line: 1 loaded, 0 rejected, \d+ permissions? changed/);
  });

  it('makes the same requests of the same file again, so that nothing counts twice; another name makes others', async () => {
    const lines = Array.from({ length: 3_000 }, (_, i) => facts(person(i % 400), i));
    writeFileSync(file, lines.join('\n'));
    const keysOf = async (flags: string) => {
      await load(taken, flags);
      const keys = (server?.requests ?? []).map(({ headers, body }) => [
        headers['idempotency-key'],
        JSON.stringify(body),
      ]);
      return keys.toSorted();
    };
    const first = await keysOf('');
    expect(new Set(first.map(([key]) => key)).size).toBe(first.length);
    expect(await keysOf('')).toEqual(first);
    const known = new Set(first.map(([key]) => key));
    expect((await keysOf('--run march')).filter(([key]) => known.has(key))).toEqual([]);
  });

  it('waits for a server that is away, or still at work on the same request, and asks again with the same key', async () => {
    writeFileSync(file, facts(person(1), 1));
    const troubles = [status(503, {}), status(409, { detail: 'in flight' }, { 'retry-after': '1' })];
    const ended = await load((request) => troubles.shift() ?? taken(request));
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(ended.err).toContain('waiting: ');
    expect(new Set(server?.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(server?.requests).toHaveLength(3);
  });

  it('stops at once when the server does not let this token do that, and says so', async () => {
    writeFileSync(file, facts(person(1), 1));
    const ended = await load(() => status(403, { detail: 'lacks the right record' }));
    expect(ended.exitCode).toBe(4);
    expect(ended.err).toContain('lacks the right record');
    expect(server?.requests).toHaveLength(1);
  });

  it('reads no further than a slow server takes: eight requests under way, and a batch each in waiting', async () => {
    writeFileSync(file, Array.from({ length: 60_000 }, (_, i) => facts(person(i), i)).join('\n'));
    let underWay = 0;
    let most = 0;
    const ended = await load(async (request) => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return taken(request);
    });
    expect(ended.exitCode).toBe(0);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('says which file it cannot read or write, before anything is asked of the server', async () => {
    expect(await load(taken)).toMatchObject({ exitCode: 2 });
    writeFileSync(file, 'x');
    expect((await load(taken, `--rejects "${file}"`)).err).toContain('is the file to load');
    const ended = await load(taken, `--rejects "${path.join(dir, 'none', 'r')}"`);
    expect(ended).toMatchObject({ exitCode: 1, err: expect.stringContaining('cannot be written') as unknown });
  });

  it('takes no folder for a file, and leaves alone what is no reject file', async () => {
    writeFileSync(file, `${facts(person(1), 1)}\nnot a line of facts\n`);
    for (const flags of ['--rejects=', `--rejects "${dir}"`])
      expect(await load(taken, flags)).toMatchObject({
        exitCode: 2,
        err: expect.stringContaining('--rejects') as unknown,
      });
    const letter = path.join(dir, 'letter.txt');
    writeFileSync(letter, 'Dear reader');
    const refused = await load(taken, `--rejects "${letter}"`);
    expect(refused).toMatchObject({ exitCode: 2, err: expect.stringContaining('holds something else') as unknown });
    expect(readFileSync(letter, 'utf8')).toBe('Dear reader');
    expect(server?.requests).toEqual([]);
    const pipe = path.join(dir, 'pipe');
    symlinkSync('/dev/null', pipe);
    expect((await load(taken, `--rejects "${pipe}"`)).exitCode).toBe(1);
    expect(lstatSync(pipe).isSymbolicLink()).toBe(true);
    file = dir;
    expect(await load(taken)).toMatchObject({ exitCode: 2, err: expect.stringContaining('is a folder') as unknown });
  });

  it('and scopes transfer tells both ends of the transfer; asked again it is the same request', async () => {
    const [scope, from, to] = [person(1), person(2), person(3)];
    server = await fakeServer({
      [`POST /v1/scopes/${scope}/transfer`]: () => ({
        scopeId: scope,
        fromSubjectId: from,
        toSubjectId: to,
        newScopeId: person(4),
        closed: 2,
      }),
    });
    const line = `scopes transfer ${scope} --to ${to}`;
    const ended = await runCommand(line, { CONSENT_URL: server.url });
    await runCommand(line, { CONSENT_URL: server.url });
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(ended.out).toContain('2 permissions closed');
    expect(ended.out).toContain(person(4));
    expect(new Set(server.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });
});
