import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { parseDocument } from 'yaml';
import { type CatalogueFile } from '../types.js';
import { type CatalogueFault } from './catalogue-error.js';
import { CATALOGUE_SCHEMAS, type CataloguePart } from './schema.js';

/** Held weakly: a service reads a catalogue when it starts and hardly ever after, and these take more than a megabyte. */
let validators: WeakRef<Validators> | undefined;

class Validators {
  readonly #ajv = new Ajv({ allErrors: true, verbose: true, strict: false });
  readonly #compiled = new Map<CataloguePart, ValidateFunction>();

  of(part: CataloguePart): ValidateFunction {
    const compiled = this.#compiled.get(part) ?? this.#ajv.compile(CATALOGUE_SCHEMAS[part]);
    this.#compiled.set(part, compiled);
    return compiled;
  }
}

/** The content of a YAML file when it fits the part's schema; otherwise its faults are added and null is returned. */
export function readPart<T>(part: CataloguePart, file: CatalogueFile, faults: CatalogueFault[]): T | null {
  const content = parseYaml(file, faults);
  if (content === undefined) return null;
  const circle = circleIn(content);
  if (circle !== null) {
    const place = placeOf(circle, content, file.name);
    faults.push({ ...place, message: 'an alias that stands for what it is in', expected: 'a value of its own' });
    return null;
  }
  const made = validators?.deref() ?? new Validators();
  validators = new WeakRef(made);
  const validate = made.of(part);
  // A copy: what YAML has read are slices of the file's text, each of which holds the whole.
  if (validate(content)) return JSON.parse(JSON.stringify(content)) as T;
  for (const error of validate.errors ?? []) faults.push(faultOf(error, content, file.name));
  return null;
}

function parseYaml(file: CatalogueFile, faults: CatalogueFault[]): unknown {
  try {
    const document = parseDocument(file.text);
    // A warning is about what is read as something else than is written, such as a tag that nobody knows.
    const [wrong] = [...document.errors, ...document.warnings];
    if (wrong !== undefined) throw wrong;
    return document.toJS() as unknown;
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? cause.message) : String(cause);
    faults.push({ file: file.name, id: null, field: '', message: `not YAML: ${message}`, expected: 'YAML' });
    return undefined;
  }
}

/** The path to an alias for something that it is itself a part of; null where there is none. */
function circleIn(value: unknown, path: readonly string[] = [], around: readonly unknown[] = []): string[] | null {
  if (typeof value !== 'object' || value === null) return null;
  if (around.includes(value)) return [...path];
  for (const [key, inner] of Object.entries(value)) {
    const found = circleIn(inner, [...path, key], [...around, value]);
    if (found !== null) return found;
  }
  return null;
}

const faultOf = (error: ErrorObject, content: unknown, file: string): CatalogueFault => ({
  ...placeOf([...error.instancePath.split('/').slice(1), ...missingOrUnknown(error)], content, file),
  message: messageOf(error),
  expected: expectedBy(error),
});

function placeOf(
  path: readonly string[],
  content: unknown,
  file: string,
): Pick<CatalogueFault, 'file' | 'id' | 'field'> {
  if (!Array.isArray(content)) return { file, id: null, field: path.join('.') };
  const entry = content[Number(path[0])] as { id?: unknown } | null | undefined;
  return {
    file,
    id: entry === undefined ? null : typeof entry?.id === 'string' ? entry.id : `entry ${Number(path[0]) + 1}`,
    field: path.slice(1).join('.'),
  };
}

const missingOrUnknown = ({ keyword, params }: ErrorObject): string[] =>
  keyword === 'required' || keyword === 'dependencies'
    ? [String(params['missingProperty'])]
    : keyword === 'additionalProperties'
      ? [String(params['additionalProperty'])]
      : [];

function messageOf({ keyword, data }: ErrorObject): string {
  if (keyword === 'required' || keyword === 'dependencies') return 'missing';
  if (keyword === 'additionalProperties') return 'not a field of this entry';
  return `found ${JSON.stringify(data)?.slice(0, 80)}`;
}

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  description?: string;
  properties?: Record<string, Schema>;
}

function expectedBy({ keyword, params, message, parentSchema = {} }: ErrorObject): string {
  const { properties = {} } = parentSchema as Schema;
  switch (keyword) {
    case 'required':
      return inWords(properties[String(params['missingProperty'])] ?? {});
    case 'additionalProperties':
      return `one of ${Object.keys(properties).join(', ')}`;
    case 'enum':
    case 'pattern':
      return inWords(parentSchema as Schema);
    case 'dependencies':
      return `a value, as the entry has ${String(params['property'])}`;
    case 'type':
      return [params['type']].flat().join(' or ');
    default:
      return (message ?? keyword).replace(/^must NOT have /, 'no ');
  }
}

function inWords({ type, enum: values, description }: Schema): string {
  if (values !== undefined) return `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;
  if (description !== undefined) return description;
  return [type ?? 'a value'].flat().join(' or ');
}
