import { SYSTEMS, type SystemId } from '@consent/events';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { conflictsOf, propagationOf } from '../http/monitor.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { orDash, plural } from '../output/words.js';

/** Decisions of which a system says that another one has their version, of one system or of all. Exit code 1 when there is any. */
export async function listConflicts({ servers: { monitor } }: Context, system?: SystemId): Promise<Report> {
  const conflicts = [];
  for (const systemId of system ? [system] : SYSTEMS)
    for (const { decisionId, since } of await conflictsOf(monitor, systemId)) {
      const { subjectId, version, purposeId } = await propagationOf(monitor, decisionId);
      conflicts.push({ systemId, decisionId, subjectId, version, purposeId, since });
    }
  const rows = conflicts.map((found) => [
    found.systemId,
    found.decisionId,
    orDash(found.subjectId),
    String(found.version),
    orDash(found.purposeId),
    found.since,
  ]);
  const text = [
    plural(conflicts.length, 'conflict'),
    ...(rows.length > 0 ? [table(['system', 'decision', 'subject', 'version', 'purpose', 'since'], rows)] : []),
  ].join('\n');
  return { json: { conflicts }, text, exitCode: conflicts.length > 0 ? EXIT.incomplete : EXIT.ok };
}
