import { type z } from 'zod';
import { type Right } from '../callers/callers.js';
import { uuid } from '../http/schemas/common.js';
import { EXAMPLES } from './examples.js';

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  schema: z.ZodType;
  description: string;
  /** `decision`, `replay`, `change`, `objection` and `request` stand for ids that the service made earlier. */
  example?: string | { from: 'decision' | 'replay' | 'change' | 'objection' | 'request' };
}

export interface Operation {
  method: 'get' | 'post' | 'put';
  path: string;
  id: string;
  summary: string;
  /** What the caller's token must allow; null: no token needed. */
  right: Right | null;
  /** Names the schemas it uses in components. */
  body?: { name: string; schema: z.ZodType; example: unknown; many?: boolean };
  idempotent?: boolean;
  parameters?: readonly Parameter[];
  /** The example is refused with this status: it names what only a caller can know. */
  exampleStatus?: number;
  answer: { status: number; name: string; schema: z.ZodType; many?: boolean };
}

/** In the path of whatever is of one subject. */
export const subjectId: Parameter = {
  name: 'id',
  in: 'path',
  schema: uuid,
  description: 'The subject.',
  example: EXAMPLES.SUBJECT,
};
