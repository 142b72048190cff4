import { SYSTEMS, type SystemId } from '@consent/events';
import { z } from 'zod';

/** Where the systems answer HTTP; those that are not named cannot be asked. */
export type SystemUrls = Readonly<Partial<Record<SystemId, string>>>;

const EXPECTED = `expected a JSON object of systems and their addresses, such as {"directory-listing":"http://host:3004"}, with keys of ${SYSTEMS.join(', ')}`;
const addresses = z.partialRecord(z.enum(SYSTEMS), z.url({ protocol: /^https?$/ }));

/** SYSTEM_URLS: a JSON object. */
export const systemUrlsKey = z.string().transform((text, context): SystemUrls => {
  try {
    return addresses.parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: EXPECTED });
    return z.NEVER;
  }
});
