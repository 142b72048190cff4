/** What keeps a start from working, and the way to mend it. */
export interface Fault {
  found: string;
  mend: string;
}
