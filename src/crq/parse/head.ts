import type { Crq } from "../model.ts";
import { type CrqDocument, readDocument } from "./document.ts";
import { rangeOf } from "./text/markdown.ts";

/** H1 and metadata block of a document. */
export type CrqHead = Pick<Crq, "title" | "metadata">;

/** H1 and block of most documents end in their first kilobyte. */
const PREFIX = 1_024;

/**
 * Reads no more of a document than its head needs: the time of the Markdown parser grows with the text, and to know an id and a title
 * thousands of documents are opened. The answer is that of `readDocument`.
 */
export function readHead(path: string, source: string): CrqHead {
  for (let length = PREFIX; length < source.length; length *= 4) {
    const end = source.lastIndexOf("\n", length) + 1;
    if (end === 0) continue;
    const document = readDocument(path, source.slice(0, end));
    if (isSettled(document)) return document.crq;
  }
  return readDocument(path, source).crq;
}

/** Whether H1 and block are there and more text follows them: nothing later in a document changes what came before it. */
function isSettled({ root, h1, metadataBlock }: CrqDocument): boolean {
  const last = root.children.at(-1);
  return h1 !== undefined && metadataBlock !== undefined && last !== undefined && rangeOf(last).start >= metadataBlock.range.end;
}
