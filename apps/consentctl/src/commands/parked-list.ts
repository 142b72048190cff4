import { SYSTEMS, type SystemId } from '@consent/events';
import { CliError } from '../cli-error.js';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { type ParkedDecision, parkedDecisions } from '../http/system-ops.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { orDash, plural } from '../output/words.js';

/** Characters of a detail in the table; --json has it whole. */
const MOST = 100;

type Row = ParkedDecision & { systemId: SystemId };

/** Parked decisions of one system, or of all. A system that gives no answer is named: its list is not empty, it is unknown. */
export async function listParked(context: Context, system?: SystemId): Promise<Report> {
  const asked = await Promise.all((system ? [system] : SYSTEMS).map((id) => read(context, id)));
  const rows = asked.flatMap(({ rows: found }) => found);
  const faults = asked.flatMap(({ fault }) => (fault ? [fault] : []));
  const [first] = faults;
  if (first && faults.length === asked.length) throw first;
  const head = ['system', 'id', 'subject', 'purpose', 'version', 'parked', 'reason'];
  const text = [
    plural(rows.length, 'parked decision'),
    ...(rows.length > 0 ? [table(head, rows.map(line))] : []),
    ...faults.map((fault) => `Unknown: ${fault.message}`),
  ].join('\n');
  const json = { parked: rows, unknown: faults.map((fault) => fault.message) };
  return { json, text, exitCode: faults.length > 0 ? EXIT.incomplete : EXIT.ok };
}

async function read({ servers }: Context, systemId: SystemId): Promise<{ rows: Row[]; fault?: CliError }> {
  try {
    const rows = await parkedDecisions(servers.system(systemId));
    return { rows: rows.map((row) => ({ ...row, systemId })) };
  } catch (error) {
    if (error instanceof CliError) return { rows: [], fault: error };
    throw error;
  }
}

const line = (row: Row): string[] => [
  row.systemId,
  row.id,
  orDash(row.subjectId),
  row.purposeId ?? '(whole subject)',
  orDash(row.version),
  row.parkedAt,
  `${row.reason}: ${shortened(row.detail)}`,
];

const shortened = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST)}…` : text);
