import type { Code } from "mdast";
import { parse, TomlError } from "smol-toml";
import type { Place, Range } from "../model.ts";
import type { Lines } from "../parse/text/lines.ts";
import { rangeOf } from "../parse/text/markdown.ts";
import { type KeyPosition, keyPositions } from "./keys.ts";

/** A fenced `toml` block of a document, read as data. */
export interface TomlBlock {
  readonly node: Code;
  /** The info string after `toml`: `crq`, `check AC-1`, `facts`. */
  readonly info: string;
  /** Of the opening fence. */
  readonly place: Place;
  /** From the opening fence to the end of the closing one. */
  readonly range: Range;
  /** undefined when the text is not TOML; `problem` says why. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly problem: { readonly message: string; readonly place: Place } | undefined;
  /** Offset in the source of a key written without quotes; undefined when it is not found as such. */
  offsetOfKey(path: readonly string[]): number | undefined;
  /** Where the key (or its nearest named parent) stands in the document; the fence when it is not in the text. */
  placeOf(path: readonly PropertyKey[]): Place;
}

/** Deeper nesting than any block needs; keeps hostile input from filling the stack. */
const MAX_DEPTH = 32;

/** Reads a fenced block. Never throws: a syntax error becomes `problem`, at its place in the document. */
export function readTomlBlock(node: Code, lines: Lines): TomlBlock {
  const place = lines.placeAt(rangeOf(node).start);
  const content = node.value.split(/\r\n|\n|\r/);
  // Markdown removes the indentation of the list item (or quote marks); TOML columns count without it.
  const inDocument = (line: number, column: number): Place => {
    const text = content[line] ?? "";
    const source = lines.textOf(place.line + 1 + line);
    return { line: place.line + 1 + line, column: column + (source.endsWith(text) ? source.length - text.length : 0) + 1 };
  };

  let data: Record<string, unknown> | undefined;
  let problem: TomlBlock["problem"];
  try {
    data = parse(node.value, { unsafeKeyBehaviour: "throw", maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = (error.message.split("\n")[0] ?? "").replace(/^Invalid TOML document: /, "");
    problem = { message, place: inDocument(error.line - 1, Math.max(error.column - 1, 0)) };
  }

  let positions: readonly KeyPosition[] | undefined;
  const placeOf = (path: readonly PropertyKey[]): Place => {
    positions ??= data === undefined ? [] : keyPositions(node.value);
    for (let length = path.length; length > 0; length -= 1) {
      const found = positions.find(
        (entry) => entry.path.length === length && entry.path.every((part, index) => part === path[index]),
      );
      if (found) return inDocument(found.line, found.column);
    }
    return place;
  };
  return {
    node,
    info: (node.meta ?? "").trim(),
    place,
    range: rangeOf(node),
    data,
    problem,
    placeOf,
    offsetOfKey: (path) => {
      const at = placeOf(path);
      const key = path.at(-1) ?? "";
      const offset = lines.startOf(at.line) + at.column - 1;
      return key !== "" && lines.source.startsWith(key, offset) ? offset : undefined;
    },
  };
}
