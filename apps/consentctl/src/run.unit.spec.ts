import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { run } from './run.js';
import { runCommand } from './spec/run-command.js';

const ID = '6c1f5f6e-3f0b-4c56-9f0e-0d7b3e0c8a11';

describe('Command line', () => {
  it.each([
    ['', 'Usage: consentctl'],
    ['replicate', "unknown command 'replicate'"],
    ['replay', "required option '--system <id>' not specified"],
    ['replay --system directory-listing', 'no selection given (expected exactly one of --unacknowledged'],
    [`replay --system directory-listing --since 1h --subject ${ID}`, '--subject and --since given'],
    ['replay --system directory --since 1h', "'directory' is no system (expected one of"],
    ['replay --system group-sharing --system directory-listing --since 1h', "'--system <id>' is given more than once"],
    ['replay --system directory-listing --since tomorrow', "--since: 'tomorrow' is no time"],
    ['replay --system directory-listing --since 1h --mode rewind', 'Allowed choices are redeliver, repair'],
    ['replay --system directory-listing --since 1h --dry-run --wait', 'nothing to --wait for'],
    ['replay --system directory-listing --since 1h --timeout soon', '--timeout'],
    ['subject show 12', "subject id: '12' is not a UUID"],
    ['decisions show 12', "decision id: '12' is not a UUID"],
    ['parked release --system group-sharing', "missing required argument 'id'"],
    ['parked release --system group-sharing ../x', "'../x' is no parked id"],
    ['parked redrive --system group-sharing', 'name ids, or say --all'],
    ['parked redrive --system group-sharing --all 1', 'name ids, or say --all'],
    ['systems status now', 'too many arguments'],
  ])("'%s' is exit code 2 and says why", async (line, words) => {
    const ended = await runCommand(line);
    expect(ended).toMatchObject({ exitCode: 2, out: '' });
    expect(ended.err).toContain(words);
  });

  it('a usage error is JSON with --json', async () => {
    const ended = await runCommand('replay --json');
    expect(JSON.parse(ended.err)).toEqual({ error: expect.stringContaining('--system'), exitCode: 2 });
  });

  it.each(['--json', '--json parked'])("'%s' without a command says which there are, as JSON", async (line) => {
    const ended = await runCommand(line);
    expect(ended).toMatchObject({ exitCode: 2, out: '' });
    expect(JSON.parse(ended.err)).toEqual({
      error: expect.stringMatching(/^no command given \(expected one of .*parked release, .*systems status/),
      exitCode: 2,
    });
  });

  it('a defect of the program is exit code 70, never that of a difference', async () => {
    const out = (): never => {
      throw new Error('the disk is full');
    };
    let err = '';
    const surroundings = { env: {}, out, err: (text: string) => (err += text), now: Date.now };
    const folder = path.resolve(import.meta.dirname, '../../../catalogue');
    expect(await run(['purposes', 'diff', folder, folder], surroundings)).toBe(70);
    expect(err).toContain('the disk is full');
  });

  it.each(['--help', 'help', 'replay --help', 'parked release --help', 'systems status --help'])(
    "'%s' is exit code 0 and goes to standard output",
    async (line) => {
      const ended = await runCommand(line);
      expect(ended).toMatchObject({ exitCode: 0, err: '' });
      expect(ended.out).toContain('Usage: consentctl');
    },
  );

  it('help lists every exit code', async () => {
    const { out } = await runCommand('--help');
    for (const code of [0, 1, 2, 3, 4, 5, 6]) expect(out).toMatch(new RegExp(`^ {2}${code} {2}\\w`, 'm'));
  });
});
