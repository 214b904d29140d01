import type { Occurrence } from "../patterns.ts";
import { unheard } from "./deeds.ts";

/** Shell lines that swallow a failure, wherever shell is written. */

const PATTERNS: readonly (readonly [RegExp, Occurrence["pattern"]])[] = [
  [/\|\|\s*(?:[({]\s*)?(?:(?:builtin|command|(?:\S*\/)?env)\s+)?(?:(?:\S*\/)?true|:|exit 0)(?=\s*(?:$|[;)&|}]))/u, "|| true"],
  [/\|\|\s*(?:echo|printf)\b/u, "|| echo"],
  [/(?:^|[;&|(]\s*|\s)set\s+\+(?:[a-z]*e|o\s+errexit\b)/u, "set +e"],
  [/(?:^|[;&|(]\s*|\s)trap\s+(["']?)(?:[^"']*;\s*)?exit\s+0\s*;?\s*\1\s+(?:\w+\s+)*(?:ERR|EXIT|0)\b/u, "failure ignored"],
  [/(?:^|\s)--(?:impure|accept-flake-config)\b/u, "--impure"],
];

/** Cleaning up may fail without anybody losing a proof: `rm x || true`. */
const CLEANS_UP = /^(?:sudo\s+)?(?:rm|rmdir|kill|pkill|killall|wait|umount|unlink|deactivate|unset|trap|stty)\b/u;

/** Tests that a whole script runs without caring how they end, but for those in lines that say so themselves. @param firstLine number of the text's first line */
export function unheardTests(text: string, firstLine: number): readonly Occurrence[] {
  const told = new Set(shellOccurrences(text, firstLine).map(({ line }) => line));
  const lines = text.split("\n");
  return unheard(text).flatMap(({ words }): readonly Occurrence[] => {
    const command = words.join(" ");
    const at = lines.findIndex((line) => words.every((word) => line.includes(word)));
    const line = firstLine + Math.max(0, at);
    return told.has(line) ? [] : [{ pattern: "failure ignored", line, key: command, what: command }];
  });
}

/** @param firstLine number of the text's first line */
export function shellOccurrences(text: string, firstLine: number): readonly Occurrence[] {
  return text.split("\n").flatMap((raw, index) => {
    const line = raw.replace(/(?:^|\s)#.*$/u, "").trimEnd();
    return PATTERNS.filter(([pattern, name]) => pattern.test(line) && !(name === "|| true" && onlyCleansUp(line))).map(
      ([, pattern]) => ({ pattern, line: firstLine + index, key: line.trim() }),
    );
  });
}

/** Every command whose failure the line swallows only cleans up. */
function onlyCleansUp(line: string): boolean {
  const commands = line.split(/;|&&/u).filter((command) => /\|\|/u.test(command));
  return (
    commands.length > 0 &&
    commands.every(
      (command) => CLEANS_UP.test(command.replace(/^[\s@{(-]+/u, "")) && !/\|(?!\|)[^|]/u.test(command.replaceAll("||", "")),
    )
  );
}
