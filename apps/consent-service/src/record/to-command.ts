import { type Cause, causeOf, type DecideCommand, type Status } from '@consent/consent-rules';
import { type Caller } from '../callers/callers.js';
import { type BundleInput, type DecisionInput } from '../http/schemas/decision-input.js';

type Act = Pick<BundleInput, 'subjectId' | 'decidedAt' | 'channel' | 'notice' | 'brand'>;
type Item = Pick<DecisionInput, 'scope' | 'purposeId' | 'status' | 'origin' | 'attributes'>;

/** A decision as asked for, with who acts taken from the authenticated caller and never from the body. */
export const toCommand = (
  act: Act,
  item: Item,
  caller: Caller,
  now: number,
  bundleId: string | null = null,
): DecideCommand => ({
  subjectId: act.subjectId,
  scope: item.scope,
  purposeId: item.purposeId,
  status: item.status,
  cause: causeBy(caller, item.status),
  decidedAt: act.decidedAt ?? now,
  bundleId,
  notice: act.notice ?? null,
  evidence: { channel: act.channel, actor: caller.actor, caller: caller.name, origin: item.origin ?? null },
  brand: act.brand ?? null,
  attributes: item.attributes ?? {},
});

/** Who moves the status, from the authenticated caller. */
export const causeBy = ({ actor, authority }: Caller, status: Status): Cause =>
  authority ? 'authority' : causeOf(actor, status);
