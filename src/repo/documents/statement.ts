import type { DocumentLine } from "./document-lines.ts";

/** What a line of a document states, by key and value, so that statements can be compared. */
export interface Statement {
  readonly claim: string;
  /** Index in the line's text around which it is quoted. */
  readonly at: number;
  readonly key: string;
  readonly value: string;
}

export type Extractor = (line: DocumentLine) => readonly Statement[];
