import { type z } from 'zod';
import { type Right } from '../callers/callers.js';

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  schema: z.ZodType;
  description: string;
  /** `decision`, `replay`, `objection` and `request` stand for ids that the service made earlier. */
  example?: string | { from: 'decision' | 'replay' | 'objection' | 'request' };
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
  answer: { status: number; name: string; schema: z.ZodType; many?: boolean };
}
