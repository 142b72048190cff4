/** What is to be put on the screen. */
export const SPOTS = ['third-party-advertisement', 'own-promotion', 'group-products', 'recommendations'] as const;
export type Spot = (typeof SPOTS)[number];
