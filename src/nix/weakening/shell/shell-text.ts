import type { Occurrence } from "../patterns.ts";

/** Shell lines that swallow a failure, wherever shell is written. */

const PATTERNS: readonly (readonly [RegExp, Occurrence["pattern"]])[] = [
  [/\|\|\s*(?:true|:|exit 0|\/bin\/true)(?=\s*(?:$|[;)&|}]))/u, "|| true"],
  [/\|\|\s*(?:echo|printf)\b/u, "|| echo"],
  [/(?:^|[;&|(]\s*|\s)set\s+\+[a-z]*e/u, "set +e"],
  [/(?:^|\s)--(?:impure|accept-flake-config)\b/u, "--impure"],
];

/** Cleaning up may fail without anybody losing a proof: `rm x || true`. */
const CLEANS_UP = /^(?:sudo\s+)?(?:rm|rmdir|kill|pkill|killall|wait|umount|unlink|deactivate|unset|trap|stty)\b/u;

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
