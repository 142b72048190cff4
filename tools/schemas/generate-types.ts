// npm run types: writes libs/events/src/wire.generated.ts from schemas/*.avsc. With --check: exits 1 when the file is stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

type Schema = string | Schema[] | Named;
interface Named {
  type: string | Schema;
  name?: string;
  namespace?: string;
  doc?: string;
  fields?: { name: string; type: Schema; doc?: string }[];
  symbols?: string[];
  items?: Schema;
  values?: Schema;
}

const root = path.resolve(import.meta.dirname, '../..');
const target = path.join(root, 'libs/events/src/wire.generated.ts');

const primitives: Record<string, string> = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  string: 'string',
  bytes: 'Buffer',
};

/** TypeScript declarations of every named type of an Avro schema, in order of definition. */
export function declarations(schema: Schema): string[] {
  const out: string[] = [];
  const typeOf = (s: Schema): string => {
    if (typeof s === 'string') return primitives[s] ?? s;
    if (Array.isArray(s)) return s.map(typeOf).join(' | ');
    if (s.type === 'array') return `${typeOf(s.items as Schema)}[]`;
    if (s.type === 'map') return `Record<string, ${typeOf(s.values as Schema)}>`;
    if (s.type === 'enum') {
      out.push(`${comment(s.doc)}export type ${s.name} = ${(s.symbols ?? []).map((x) => `'${x}'`).join(' | ')};`);
      return s.name as string;
    }
    if (s.type === 'record') {
      const at = out.length;
      const fields = (s.fields ?? []).map((f) => `${comment(f.doc, '  ')}  ${f.name}: ${typeOf(f.type)};`);
      out.splice(at, 0, `${comment(s.doc)}export interface ${s.name} {\n${fields.join('\n')}\n}`);
      return s.name as string;
    }
    return typeOf(s.type);
  };
  typeOf(schema);
  return out;
}

const comment = (doc?: string, indent = ''): string => (doc ? `${indent}/** ${doc} */\n` : '');

function generate(): string {
  const files = readdirSync(path.join(root, 'schemas'))
    .filter((f) => f.endsWith('.avsc'))
    .sort();
  const schemas = files.map((f) => JSON.parse(readFileSync(path.join(root, 'schemas', f), 'utf8')) as Named);
  const parts = ['// Generated from schemas/*.avsc by tools/schemas/generate-types.ts. Do not edit.'];
  for (const schema of schemas) {
    parts.push(...declarations(schema));
    parts.push(`export const ${schema.name}Schema = ${JSON.stringify(schema)} as const;`);
  }
  return parts.join('\n\n') + '\n';
}

const wanted = generate();
if (process.argv.includes('--check')) {
  let found = '';
  try {
    found = readFileSync(target, 'utf8');
  } catch {
    // a missing file is a stale file
  }
  if (found !== wanted) {
    console.error('libs/events/src/wire.generated.ts is stale: run `npm run types`.');
    process.exit(1);
  }
} else {
  writeFileSync(target, wanted);
}
