import { type Command, CommanderError } from 'commander';
import { CliError } from './cli-error.js';
import { type GlobalFlags, readServers } from './config.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { createProgram } from './program.js';

export interface Surroundings {
  env: NodeJS.ProcessEnv;
  out: (text: string) => void;
  err: (text: string) => void;
  now: () => number;
  /** Told what an interruption of this process would not end. */
  goesOn?: (id: string, what: string) => void;
}

/** Runs one command line (without node and script) and returns its exit code. Reports go to `out`, all else to `err`. */
export async function run(argv: readonly string[], { env, out, err, now, goesOn }: Surroundings): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram(async (command) => {
    const flags = program.opts<GlobalFlags>();
    const report = await command({
      servers: readServers(flags, env),
      now,
      note: (line) => err(`${line}\n`),
      goesOn: goesOn ?? (() => undefined),
    });
    out(`${flags.json ? JSON.stringify(report.json, null, 2) : report.text}\n`);
    exitCode = report.exitCode;
  });
  const json = argv.includes('--json');
  for (const command of [program, ...program.commands, ...program.commands.flatMap((c) => c.commands)]) {
    command
      .exitOverride()
      .configureOutput({ writeOut: out, writeErr: json ? () => undefined : err })
      .showHelpAfterError('(--help tells more)');
    refuseRepeated(command);
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    return failed(error, json, err, program);
  }
  return exitCode;
}

/** Of two values for one flag the first would be dropped, and with it what an operator asked for. */
function refuseRepeated(command: Command): void {
  for (const option of command.options) {
    if (!option.required || option.parseArg !== undefined) continue;
    let given = false;
    command.on(`option:${option.name()}`, () => {
      if (given) command.error(`error: option '${option.flags}' is given more than once (expected once)`);
      given = true;
    });
  }
}

function failed(error: unknown, json: boolean, err: (text: string) => void, program: Command): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    // As text it is printed already, with a hint.
    const message = error.code === 'commander.help' ? noCommand(program) : error.message;
    if (json) err(asJson(message, EXIT.usage));
    return EXIT.usage;
  }
  if (error instanceof CliError) {
    err(json ? asJson(error.message, error.exitCode) : `consentctl: ${error.message}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  err(json ? asJson(stack, EXIT.defect) : `consentctl failed, please report it: ${stack}\n`);
  return EXIT.defect;
}

const noCommand = ({ commands }: Command): string =>
  `no command given (expected one of ${commands.flatMap(wholeNames).join(', ')})`;

const wholeNames = (command: Command): string[] =>
  command.commands.length === 0
    ? [command.name()]
    : command.commands.map((inner) => `${command.name()} ${inner.name()}`);

const asJson = (message: string, exitCode: ExitCode): string => `${JSON.stringify({ error: message, exitCode })}\n`;
