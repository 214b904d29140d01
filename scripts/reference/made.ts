/** What every generated page says of itself. */
export const MADE = "Made from the code by `node scripts/reference.ts`; edits here are lost.";
