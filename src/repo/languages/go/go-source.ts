/** What one Go file says of itself, read by its lines: package clause, constraints, what it embeds, and what C it calls. */

export interface GoSource {
  /** `main`, `wordcount_test`; absent: no package clause was found. */
  readonly package?: string;
  /** No plain build on any system compiles it: `//go:build ignore` and the like. */
  readonly leftOut: boolean;
  readonly embeds: readonly { readonly pattern: string; readonly line: number }[];
  /** `import "C"` and what `#cgo` lines ask for. */
  readonly cgo?: { readonly line: number; readonly pkgConfig: readonly string[]; readonly links: readonly string[] };
  /** A literal version that the source names: `version = "1.2.3"`. */
  readonly version?: { readonly value: string; readonly name: string; readonly line: number };
  /** The first test function. */
  readonly test?: { readonly line: number };
}

/** Tags that no build has unless it is asked for by name. */
const NEVER = new Set(["ignore", "tools", "tool", "never", "generate", "gen", "example"]);
const VERSION = /^(?:(?:var|const)\s+)?(?<name>(?:[A-Za-z]\w*)?[vV]ersion)\s*(?:string\s*)?=\s*"v?(?<value>\d+\.\d[\w.+-]*)"\s*$/;

export function readGoSource(text: string): GoSource {
  let name: string | undefined;
  let leftOut = false;
  let inComment = false;
  let imported: number | undefined;
  const pkgConfig: string[] = [];
  const links: string[] = [];
  const embeds: { pattern: string; line: number }[] = [];
  let version: GoSource["version"];
  let test: GoSource["test"];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const content = raw.trim();
    const constraint =
      name === undefined && !inComment ? /^\/\/(?:go:build|\s*\+build)\s+(?<tags>.+)$/.exec(content)?.groups?.tags : undefined;
    if (constraint !== undefined && NEVER.has(constraint.trim())) leftOut = true;
    const cgo = /^(?:\/\/\s*)?#cgo\s+(?:[\w,!]+\s+)*?(?<what>pkg-config|LDFLAGS):\s*(?<words>.*)$/.exec(content)?.groups;
    if (cgo?.what === "pkg-config")
      pkgConfig.push(...(cgo.words ?? "").split(/\s+/).filter((word) => /^[\w.+-]+$/.test(word) && !word.startsWith("-")));
    else if (cgo)
      links.push(...[...(cgo.words ?? "").matchAll(/(?:^|\s)-l(?<lib>[\w+.-]+)/g)].map(({ groups }) => groups?.lib ?? ""));
    if (inComment) {
      if (content.includes("*/")) inComment = false;
      continue;
    }
    if (content.startsWith("/*")) {
      inComment = !content.includes("*/");
      continue;
    }
    const embed = /^\/\/go:embed\s+(?<patterns>.+)$/.exec(content)?.groups?.patterns;
    if (embed !== undefined)
      embeds.push(
        ...[...embed.matchAll(/"(?<quoted>[^"]+)"|`(?<raw>[^`]+)`|(?<bare>\S+)/g)].map(({ groups }) => ({
          pattern: groups?.quoted ?? groups?.raw ?? groups?.bare ?? "",
          line,
        })),
      );
    if (content.startsWith("//")) continue;
    name ??= /^package\s+(?<name>\w+)/.exec(content)?.groups?.name;
    if (/^(?:import\s+)?"C"$/.test(content)) imported ??= line;
    const stated = VERSION.exec(content.replace(/\s*\/\/.*$/, ""))?.groups;
    if (stated?.name !== undefined && stated.value !== undefined) version ??= { value: stated.value, name: stated.name, line };
    if (/^func (?:Test|Example|Fuzz)\w*\(/.test(content)) test ??= { line };
  }
  return {
    ...(name !== undefined && { package: name }),
    leftOut,
    embeds,
    ...(imported !== undefined && { cgo: { line: imported, pkgConfig: [...new Set(pkgConfig)], links: [...new Set(links)] } }),
    ...(version && { version }),
    ...(test && { test }),
  };
}
