import { Command } from 'commander';
import { declareCatalogue } from './declare/catalogue.js';
import { declareFacts } from './declare/facts.js';
import { declareObjections } from './declare/objections.js';
import { declareParked } from './declare/parked.js';
import { type Perform } from './declare/perform.js';
import { declareReplay } from './declare/replay.js';
import { declareShow } from './declare/show.js';
import { HELP } from './help.js';

/** The command line: what can be said, and which command file does it. */
export function createProgram(perform: Perform): Command {
  const program = new Command('consentctl')
    .description('Shows how consent decisions reach the systems, delivers them again, and repairs drift.')
    .option('--json', 'print JSON instead of text')
    .option('--consent-url <url>', 'consent-service (CONSENT_URL, default http://127.0.0.1:3000)')
    .option('--monitor-url <url>', 'propagation-monitor (MONITOR_URL, default http://127.0.0.1:3010)')
    .option(
      '--system-url <system=url>',
      'a system; may be repeated (SYSTEM_URLS, a JSON map, default ports from 3001 on)',
      collect,
    )
    .option('--token-file <file>', 'token for consent-service (CONSENT_TOKEN)')
    .option('--ops-token-file <file>', 'token for the systems (OPS_TOKEN)')
    .addHelpText('after', HELP);
  declareReplay(program, perform);
  declareParked(program, perform);
  declareObjections(program, perform);
  declareShow(program, perform);
  declareFacts(program, perform);
  declareCatalogue(program, perform);
  return program;
}

const collect = (value: string, earlier: string[] = []): string[] => [...earlier, value];
