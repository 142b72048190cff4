import { type Language } from '@consent/consent-rules';

const LANGUAGES: readonly Language[] = ['en', 'nl', 'fr'];

/** The language a caller prefers most of those there are (RFC 9110, Accept-Language); English when it names none. */
export function languageOf(header: string | undefined): Language {
  const wanted = (header ?? '').split(',').map((part, order) => {
    const [tag = '', ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const q = Number(parameters.find((p) => p.startsWith('q='))?.slice(2) ?? 1);
    return { language: LANGUAGES.find((one) => tag === one || tag.startsWith(`${one}-`)), q, order };
  });
  const best = wanted.filter(({ q }) => q > 0).sort((a, b) => b.q - a.q || a.order - b.order);
  return best.find(({ language }) => language)?.language ?? 'en';
}
