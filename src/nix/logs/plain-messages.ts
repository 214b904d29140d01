import { type DerivationLog, type NixEvents, type NixMessage, nameOfDerivation } from "../events.ts";
import { cleanText } from "./clean-text.ts";

/**
 * Nix's stderr as a person sees it, for logs that come from elsewhere (a CI run, a pasted text, a Nix too old for internal-json): the two
 * wrappers of failed builds, 2.8 to 2.31 (`builder for 'DRV' failed …;` with `last N log lines:`) and 2.32 on (`Cannot build 'DRV'.` with
 * `Reason:` and `Last N log lines:`), errors of evaluation with their frames, and what builders print under `-L` (`NAME> line`).
 */
export function readPlainMessages(text: string): NixEvents {
  const messages: NixMessage[] = [];
  const warnings = new Set<string>();
  const plain: string[] = [];
  for (const block of blocks(cleanText(text).split("\n").map(withoutStamp))) {
    const [first = ""] = block;
    if (WARNING.test(first)) warnings.add(block.join("\n").replace(WARNING, ""));
    else if (ERROR.test(first)) messages.push(readError(block));
    else plain.push(...block);
  }
  return {
    started: messages.length > 0,
    messages,
    warnings: [...warnings],
    derivations: builds(plain, messages),
    notices: "",
    plain: plain.filter((line) => !BUILDER_LINE.test(line)).join("\n"),
  };
}

const ERROR = /^error:/u;
const WARNING = /^warning: /u;
/** A line of a builder under `-L`: the derivation's name without its version stands before it. */
const BUILDER_LINE = /^([A-Za-z0-9+._?=-]+)> ?(.*)$/u;
const BUILDING = /^building '(\/nix\/store\/[^']+\.drv)'/u;

/** CI services put a time before each line. */
const STAMP = /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?|\[\d\d:\d\d:\d\d\]) /u;
const withoutStamp = (line: string): string => line.replace(STAMP, "");

/** Lines that belong together: an error or warning goes on over indented and empty lines. */
function blocks(lines: readonly string[]): readonly (readonly string[])[] {
  const found: string[][] = [];
  let open: string[] | undefined;
  for (const line of lines) {
    const starts = /^(?:error|warning):/u.test(line);
    if (starts) {
      open = [line];
      found.push(open);
    } else if (open && (/^\s/u.test(line) || line === "")) open.push(line);
    else {
      open = undefined;
      const last = found.at(-1);
      if (last && !/^(?:error|warning):/u.test(last[0] ?? "")) last.push(line);
      else found.push([line]);
    }
  }
  return found;
}

function readError(block: readonly string[]): NixMessage {
  const text = block.join("\n").trimEnd();
  // With a trace the error itself is the last `error: …` of the block; quoted lines of a builder are no part of it.
  const causes = [...text.matchAll(/^[^\S\n]*error: (.+)$/gmu)];
  const summary = causes.at(-1)?.[1] ?? text.replace(/^error:\s*/u, "");
  const after = text.slice(causes.at(-1)?.index ?? 0);
  const [, file, line, column] = after.match(/^\s*at ((?:\/|«).*?):(\d+):(\d+):?$/mu) ?? [];
  return {
    level: 0,
    text: text.slice(0, 20_000),
    summary,
    ...(file !== undefined && { position: { file, line: Number(line), column: Number(column) } }),
  };
}

/**
 * Builds in the order in which they began, each with what it printed: its lines under `-L`, else the tail that Nix quotes of a failed one.
 * One that no later line closes counts as running: a time limit of 2.34 does not name what it stopped.
 */
function builds(plain: readonly string[], messages: readonly NixMessage[]): readonly DerivationLog[] {
  const printed = new Map<string, string[]>();
  for (const line of plain) {
    const [, name, text = ""] = line.match(BUILDER_LINE) ?? [];
    if (name !== undefined) printed.set(name, [...(printed.get(name) ?? []), text]);
  }
  const begun = plain.flatMap((line) => line.match(BUILDING)?.[1] ?? []);
  const quoted = new Map<string, readonly string[]>();
  for (const { text } of messages) {
    const tail = quotedLog(text);
    if (tail) quoted.set(tail.drv, tail.lines);
  }
  const named = messages.flatMap(({ text }) => text.match(FAILED)?.[1] ?? []);
  return [...new Set([...begun, ...named])].flatMap((drv) => {
    const own = printed.get(nameWithoutVersion(nameOfDerivation(drv))) ?? [];
    const tail = quoted.get(drv) ?? [];
    const lines = own.length >= tail.length ? own : tail;
    if (lines.length === 0 && named.includes(drv)) return [];
    return [
      {
        drv,
        lines: lines.map((text, i) => ({ number: i + 1, text })),
        total: lines.length,
        running: !named.includes(drv),
      },
    ];
  });
}

const FAILED = /(?:builder for|Cannot build|building of) '(\/nix\/store\/[^']+\.drv)/u;

/** Nix's own rule: the version begins at the first dash that no letter follows. */
const nameWithoutVersion = (name: string): string => name.replace(/-[^A-Za-z].*$/su, "");

/** The quoted tail of a failed builder's log. */
function quotedLog(text: string): { readonly drv: string; readonly lines: readonly string[] } | undefined {
  const drv = text.match(/(?:builder for|Cannot build) '(\/nix\/store\/[^']+\.drv)/u)?.[1];
  const lines = [...text.matchAll(/^ *> ?(.*)$/gmu)].map(([, line = ""]) => line);
  return drv === undefined || lines.length === 0 ? undefined : { drv, lines };
}
