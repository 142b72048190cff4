import { SYSTEMS, type SystemId, UUID } from '@consent/events';
import { z } from 'zod';
import { usageError } from './cli-error.js';

const PURPOSE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const CATEGORY = /^([a-z]+:)?[a-z0-9]+(-[a-z0-9]+)*$/;
const AGO = /^(\d{1,6})(s|m|h|d)$/;
const ISO = z.iso.datetime({ offset: true });
const MILLISECONDS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads a UUID in either case; `what` names it in the error. */
export function readUuid(what: string, value: string): string {
  const id = value.toLowerCase();
  if (!UUID.test(id)) throw usageError(`${what}: '${value}' is not a UUID (expected 8-4-4-4-12 hexadecimal digits)`);
  return id;
}

/** Reads the id of a system. */
export function readSystem(value: string): SystemId {
  const system = SYSTEMS.find((id) => id === value);
  if (!system) throw usageError(`--system: '${value}' is no system (expected one of ${SYSTEMS.join(', ')})`);
  return system;
}

/** Reads a purpose id. Whether the catalogue has it is for the consent-service to say. */
export function readPurpose(value: string): string {
  if (!PURPOSE.test(value))
    throw usageError(`purpose: '${value}' is no purpose id (expected kebab-case; see purposes list)`);
  return value;
}

/** Reads a kind of data. What the catalogue says of it is for the consent-service to say. */
export function readCategory(value: string): string {
  if (!CATEGORY.test(value))
    throw usageError(
      `--category: '${value}' is no kind of data (expected one as in derived:bad-payer-info or customer-interactions)`,
    );
  return value;
}

/** Reads `90s`, `30m`, `24h`, `7d` (ago), or an ISO 8601 time with its zone. Returns epoch milliseconds. */
export function readSince(value: string, now: number, flag = '--since'): number {
  const at = ago(value, now) ?? moment(value);
  if (Number.isNaN(at)) {
    throw usageError(
      `${flag}: '${value}' is no time (expected 30m, 24h, 7d or ISO 8601 with a zone: 2026-11-24T08:00:00Z)`,
    );
  }
  if (at > now) throw usageError(`${flag}: '${value}' is in the future (expected a time before now)`);
  return at;
}

/** Reads an ISO 8601 time with its zone, past or future; returns it in UTC. */
export function readMoment(value: string): string {
  const at = moment(value);
  if (Number.isNaN(at))
    throw usageError(`--at: '${value}' is no time (expected ISO 8601 with a zone: 2026-11-24T08:00:00Z)`);
  return new Date(at).toISOString();
}

/** Epoch milliseconds; NaN for what is no moment of the calendar: `Date.parse` would take 30 February for 2 March. */
const moment = (value: string): number => (ISO.safeParse(value).success ? Date.parse(value) : Number.NaN);

const LANGUAGES = ['en', 'nl', 'fr'];

/** Reads a language of the sentences. */
export function readLanguage(value: string): string {
  if (!LANGUAGES.includes(value))
    throw usageError(`--language: '${value}' is not known (expected one of ${LANGUAGES.join(', ')})`);
  return value;
}

/** Reads a whole number of at least 1. */
export function readCount(flag: string, value: string, max: number): number {
  const count = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (!(count >= 1 && count <= max)) throw usageError(`${flag}: '${value}' is not a whole number from 1 to ${max}`);
  return count;
}

const MAX_TIMEOUT_S = 86_400;

/** Reads how long to wait, whole seconds; returns milliseconds. */
export const readTimeout = (value: string): number => readCount('--timeout', value, MAX_TIMEOUT_S) * 1000;

function ago(value: string, now: number): number | undefined {
  const [, count, unit] = AGO.exec(value) ?? [];
  return count && unit ? now - Number(count) * MILLISECONDS[unit as keyof typeof MILLISECONDS] : undefined;
}
