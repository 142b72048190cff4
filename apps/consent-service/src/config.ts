import { fileURLToPath } from 'node:url';
import { databaseConfig, hostConfig, kafkaConfig, readConfig } from '@consent/service-host';
import { z } from 'zod';
import { systemUrlsKey } from './catalogue/system-urls.js';
import { relayConfig } from './relay/config.js';

const DEFAULT_PORT = 3000;
/** Seen from src and from dist alike. */
const DEFAULT_CATALOGUE = fileURLToPath(new URL('../../../catalogue/', import.meta.url));

const ownConfig = z.object({
  /** JSON: [{name, tokenSha256, actor, may}]. */
  CALLERS_FILE: z.string({
    error: 'expected the path of a JSON file with the callers and the SHA-256 of their tokens',
  }),
  CATALOGUE_DIR: z.string().default(DEFAULT_CATALOGUE),
  SYSTEM_URLS: systemUrlsKey.default({}),
});

const consentConfig = z.object({
  ...hostConfig(DEFAULT_PORT).shape,
  ...databaseConfig.shape,
  ...kafkaConfig.shape,
  ...relayConfig.shape,
  ...ownConfig.shape,
});
export type ConsentConfig = z.output<typeof consentConfig>;

/** @throws ConfigError naming each bad key */
export const config = (env: Readonly<Record<string, string | undefined>> = process.env): ConsentConfig =>
  readConfig(consentConfig, env);
