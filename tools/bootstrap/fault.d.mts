/** What keeps a start from working, and the way to mend it. */
export interface Fault {
  found: string;
  mend: string;
  /** A variable holds what it cannot: the exit code is then 78. */
  wrongValue?: boolean;
}
