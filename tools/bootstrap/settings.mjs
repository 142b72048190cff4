import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** What a start hands on to the services, which hold it to the same rules (settings.unit.spec.ts). */
const RULES = {
  KAFKA_TOPIC_PREFIX: {
    expected: 'at most 100 letters, digits, dots, dashes and underscores',
    fits: (text) => /^[A-Za-z0-9._-]{1,100}$/.test(text),
  },
  LOG_LEVEL: { expected: `one of ${LEVELS.join(', ')}`, fits: (text) => LEVELS.includes(text) },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    expected: 'a URL such as http://127.0.0.1:4318',
    fits: (text) => /^https?:\/\/[^\s]+$/.test(text) && URL.canParse(text),
  },
  SERVICE_BUILD: {
    expected: 'at most 100 visible ASCII characters, without a space',
    fits: (text) => /^[\x21-\x7e]{1,100}$/.test(text),
  },
  CATALOGUE_DIR: {
    expected: 'a folder with a catalogue (catalogue.yaml and what it names), which can be read',
    fits: isCatalogue,
  },
};

/** A fault for each variable whose value no service would start with. An empty one counts as absent. */
export function malformedSettings(env) {
  return Object.entries(RULES).flatMap(([name, { expected, fits }]) => {
    const text = env[name];
    return !text || fits(text)
      ? []
      : [{ found: `${name} is ${shown(text)}`, mend: `expected ${expected}`, wrongValue: true }];
  });
}

/** In quotes, so that spaces are seen, and on one line of a bearable length. */
export const shown = (text) =>
  JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}… (${text.length} characters)` : text);

/** Whether one begins there; what is wrong inside it is said by who reads it. */
function isCatalogue(folder) {
  try {
    accessSync(path.join(folder, 'catalogue.yaml'), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
