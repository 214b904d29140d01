import type { DerivationLog, NixEvents, NixMessage } from "../events.ts";
import { cleanText } from "./clean-text.ts";

/**
 * Nix's stderr as a person sees it, for logs that come from elsewhere (a CI run, a pasted text, a Nix too old for internal-json): the two
 * wrappers of failed builds, 2.18 to 2.31 (`builder for 'DRV' failed …;` with `last N log lines:`) and 2.32 on (`Cannot build 'DRV'.` with
 * `Reason:` and `Last N log lines:`), and errors of evaluation with their frames.
 */
export function readPlainMessages(text: string): NixEvents {
  const messages: NixMessage[] = [];
  const warnings = new Set<string>();
  const derivations: DerivationLog[] = [];
  const plain: string[] = [];
  for (const block of blocks(cleanText(text).split("\n"))) {
    const [first = ""] = block;
    if (/^warning: /u.test(first)) warnings.add(block.join("\n").replace(/^warning: /u, ""));
    else if (/^error:/u.test(first)) {
      const message = readError(block);
      messages.push(message);
      const log = quotedLog(message.text);
      if (log) derivations.push(log);
    } else plain.push(...block);
  }
  return { started: messages.length > 0, messages, warnings: [...warnings], derivations, notices: "", plain: plain.join("\n") };
}

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
  // With a trace the error itself is the last `error: …` of the block.
  const causes = [...text.matchAll(/^\s*error: (.+)$/gmu)];
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

/** The quoted tail of a failed builder's log. */
function quotedLog(text: string): DerivationLog | undefined {
  const drv = text.match(/(?:builder for|Cannot build) '(\/nix\/store\/[^']+\.drv)/u)?.[1];
  const quoted = [...text.matchAll(/^ *> ?(.*)$/gmu)].map(([, line = ""]) => line);
  if (drv === undefined || quoted.length === 0) return undefined;
  return { drv, lines: quoted.map((line, i) => ({ number: i + 1, text: line })), total: quoted.length, running: false };
}
