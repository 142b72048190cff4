import { run } from '../run.js';

export interface Ended {
  exitCode: number;
  out: string;
  err: string;
  /** What an interruption at the end would have said to go on. */
  goesOn: string[];
  json: () => unknown;
}

/** Runs one command line in this process with nothing but `env`. What stands in double quotes is one argument. */
export async function runCommand(line: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  let out = '';
  let err = '';
  const goesOn = new Map<string, string>();
  const args = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
  const exitCode = await run(args, {
    env,
    out: (text) => (out += text),
    err: (text) => (err += text),
    now: Date.now,
    goesOn: (id, what) => void goesOn.set(id, what),
  });
  return { exitCode, out, err, goesOn: [...new Set(goesOn.values())], json: () => JSON.parse(out) as unknown };
}
