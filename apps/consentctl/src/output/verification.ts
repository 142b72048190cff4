import { MEANING } from '../replay/compare-states.js';
import { type Verification } from '../replay/verify-replay.js';
import { table } from './table.js';
import { plural, yesNo } from './words.js';

const SHOWN = 50;

/** The verdict, and the first differences with what each kind means. */
export function verificationText(system: string, { triples, differences }: Verification): string {
  if (differences.length === 0)
    return `Verified: ${system} does what the ledger says, ${plural(triples, 'triple')} compared`;
  const rows = differences
    .slice(0, SHOWN)
    .map((d) => [
      d.subjectId,
      d.scopeId,
      d.purposeId,
      `${yesNo(d.ledger.allowed)}, version ${d.ledger.version}`,
      d.system ? `${yesNo(d.system.allowed)}, version ${d.system.version}` : 'unknown',
      MEANING[d.kind],
    ]);
  const more = differences.length > SHOWN ? `\n… and ${differences.length - SHOWN} more (--json lists all)` : '';
  const head = `${plural(differences.length, 'difference')} between ${system} and the ledger, ${plural(triples, 'triple')} compared`;
  return `${head}\n${table(['subject', 'scope', 'purpose', 'ledger', 'system', 'meaning'], rows)}${more}`;
}
