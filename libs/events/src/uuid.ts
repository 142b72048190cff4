import { z } from 'zod';

/** An id in lower case, of any version: those of other systems' people keep to no RFC. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The ids that every door takes: what one of them records, all others can be asked about. */
export const uuid = z.string().regex(UUID, { error: 'a UUID in lower case' }).meta({ format: 'uuid' });
