import { type CategoryPermitted, permissionForCategory } from '../permission-for-category.js';
import { permissionIn } from '../prerequisites.js';
import { type Question } from './explanation.js';

/** The answer to a question, by all that is known at its moment. */
export function permissionAt(question: Question): CategoryPermitted {
  const { view, catalogue, purpose, scope, at, category } = question;
  const found = permissionIn(view, catalogue, purpose, scope, at);
  return category === undefined ? found : permissionForCategory(found, category, question);
}
