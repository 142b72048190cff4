import { type DecideCommand } from '@consent/consent-rules';
import { type OwnedScope } from '../subjects/scopes.js';
import { foreignScope, otherLevel, type Refusal } from './refusal.js';

/** Why a subject may not decide about a scope; null when it may. */
export function scopeRefusal(command: DecideCommand, owned: OwnedScope | undefined): Refusal | null {
  const { scope, subjectId } = command;
  if (scope.level === 'person' ? scope.id !== subjectId : owned && owned.subjectId !== subjectId)
    return foreignScope(command);
  if (owned && owned.level !== scope.level) return otherLevel(command, owned.level);
  if (scope.level !== 'person' && scope.id === subjectId) return otherLevel(command, 'person');
  return null;
}
