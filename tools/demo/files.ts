/** The files of the demonstration traffic, in the order in which they are entered. */
export const FILES = {
  facts: 'facts.ndjson',
  decisions: 'decisions.ndjson',
  bundles: 'bundles.ndjson',
  secondThoughts: 'second-thoughts.ndjson',
} as const;
