import { z } from 'zod';

type DecimalText = z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>;

/** @param otherwise what is said of text that is no such number */
export const decimalText = (least: number, most: number, otherwise: string): DecimalText =>
  z.string({ error: otherwise }).transform((text, context) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    context.addIssue({ code: 'custom', message: otherwise, input: text });
    return z.NEVER;
  });

/** A whole number of a query or a path: from `least` to `most`, written in decimal digits alone. */
export const wholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER): DecimalText =>
  decimalText(least, most, `a whole number from ${least} to ${most}, in decimal digits`);
