/** Longer texts are not searched: each step of the search reads about half of one. */
const SEARCHED = 128 * 1024;

/**
 * Where a text that JSON.parse refuses stops being JSON. The error's own message quotes the text, which is left out.
 * @param name of the text in the answer
 * @param firstLine number of its first line
 */
export function unreadableJson(text: string, error: unknown, name: string, firstLine = 1): string {
  const at = positionIn(error) ?? search(text);
  if (at === undefined) return `${name} cannot be read`;
  if (at >= text.length) return `${name} ends too early, after ${text.length} characters`;
  const before = text.slice(0, at).split('\n');
  return `line ${firstLine + before.length - 1}, column ${(before.at(-1)?.length ?? 0) + 1} cannot be read`;
}

/** Absent where a token is not expected, and where the text ends within one. */
function positionIn(error: unknown): number | undefined {
  const position = /position (\d+)/.exec(messageOf(error))?.[1];
  return position === undefined ? undefined : Number(position);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** The length of the longest beginning of the text that more text could make JSON of. */
function search(text: string): number | undefined {
  if (text.length > SEARCHED) return undefined;
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (mayGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function mayGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    return messageOf(error).includes('end of JSON input') || (positionIn(error) ?? -1) >= beginning.length;
  }
}
