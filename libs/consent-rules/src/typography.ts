import { type Localised } from './types.js';

/** French sets a narrow no-break space before double signs; of a text set already, the same again. */
export const french = (text: string): string => text.replaceAll(/[ \u00a0\u202f]*([:;?!])(?=\s|$)/g, '\u202f$1');

export const typeset = ({ en, nl, fr }: Localised): Localised => ({ en, nl, fr: french(fr) });
