import type { Crq, CrqDiagnostic } from "./model.ts";
import { readDocument } from "./parse/document.ts";

/** Largest CRQ file that is read, in bytes. */
export const MAX_CRQ_BYTES = 1024 * 1024;

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads one CRQ. Never throws: what cannot be made sense of is in `problems`, each with line and column. A criterion whose block is wrong
 * has no checks (and a `blockPlace`), so it cannot pass.
 */
export function parseCrq(path: string, source: string): Crq {
  return readDocument(path, source).crq;
}

/**
 * Decodes the bytes of a CRQ file. A byte order mark and CRLF are kept, so that edits can leave them alone; what is not text becomes
 * `structure/unreadable` and the file is skipped.
 */
export function decodeCrq(path: string, bytes: Uint8Array): { readonly source: string } | { readonly problem: CrqDiagnostic } {
  const unreadable = (message: string) => ({
    problem: {
      severity: "error",
      rule: "structure/unreadable",
      message: `${message}; the file is skipped`,
      file: path,
      line: 1,
      column: 1,
    } as const,
  });
  if (bytes.length > MAX_CRQ_BYTES) return unreadable(`${bytes.length} bytes are more than the ${MAX_CRQ_BYTES} a CRQ may have`);
  const nul = bytes.indexOf(0);
  if (nul >= 0) return unreadable(`a NUL byte at offset ${nul}: this is not a text file`);
  const source = utf8.decode(bytes);
  const again = Buffer.from(source, "utf8");
  if (again.equals(bytes)) return { source };
  const wrong = bytes.findIndex((byte, index) => byte !== again[index]);
  return unreadable(`the bytes at offset ${wrong >= 0 ? wrong : bytes.length} are not UTF-8`);
}
