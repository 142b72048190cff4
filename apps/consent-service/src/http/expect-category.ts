import { type Catalogue } from '@consent/consent-rules';
import { ProblemError } from '@consent/service-host';

/** @throws ProblemError 422 for a kind of data that the catalogue does not have, naming those it has */
export function expectCategory({ version, dataCategories }: Catalogue, category: string): void {
  // A version from before they were listed knows none by name; there each purpose is asked, and uses what its gates open.
  if (dataCategories.size === 0 || dataCategories.has(category)) return;
  throw new ProblemError(
    422,
    'category-unknown',
    'This is no kind of data',
    `Found category ${category}; catalogue ${version} has ${[...dataCategories.keys()].join(', ')}`,
  );
}
