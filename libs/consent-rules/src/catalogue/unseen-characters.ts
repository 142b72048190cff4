/** Controls, line and paragraph separators, and what turns the direction of a text: they change what others see of it. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Whether a text of one line shows all that it holds. */
export const isSeen = (text: string): boolean => text.search(UNSEEN) < 0;

/** The same of a text of several lines. */
export const areLinesSeen = (text: string): boolean => isSeen(text.replaceAll(/[\t\n\r]/g, ''));

/** A text with what nobody would see spelt out, as in JSON: a terminal shows it and does not obey it. */
export const spelt = (text: string): string =>
  text.replaceAll(UNSEEN, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
