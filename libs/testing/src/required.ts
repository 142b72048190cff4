/** An environment variable that integration tests cannot do without. @throws Error that says how to provide it */
export function required(name: 'TEST_DATABASE_URL' | 'KAFKA_BROKERS' | 'SCHEMA_REGISTRY_URL'): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: integration tests need the local stack; run them with \`npm test\``);
  return value;
}
