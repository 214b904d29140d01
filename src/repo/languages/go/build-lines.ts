/** How a project's own documents and scripts build it: what their `go build` lines say that a plain one does not. */

export interface GoBuildLines {
  /** `-s` and `-w`, as the lines have them. */
  readonly strip: readonly ("-s" | "-w")[];
  /** Variables that `-X` sets: `main.version`, each once. */
  readonly sets: readonly { readonly variable: string; readonly source: string; readonly line: number; readonly quote: string }[];
  /** `CGO_ENABLED=0` stands before a build. */
  readonly withoutCgo?: { readonly source: string; readonly line: number; readonly quote: string };
  readonly tags: readonly string[];
}

const SET = /-X[ =]["']?(?<variable>[\w./-]+\.[A-Za-z_]\w*)=/g;

export function readBuildLines(files: readonly { readonly source: string; readonly text: string }[]): GoBuildLines {
  const strip = new Set<"-s" | "-w">();
  const sets = new Map<string, GoBuildLines["sets"][number]>();
  const tags = new Set<string>();
  let withoutCgo: GoBuildLines["withoutCgo"];
  for (const { source, text } of files) {
    for (const [index, raw] of text.split(/\r?\n/).entries()) {
      if (/^\s*#/.test(raw)) continue;
      const place = { source, line: index + 1, quote: raw.trim().slice(0, 200) };
      const builds = /\bgo\s+(?:build|install)\b/.test(raw);
      if (builds || /ldflags/i.test(raw)) {
        for (const { groups } of raw.matchAll(/(?:^|[\s"'=])(?<flag>-[sw])(?=$|[\s"'])/g))
          strip.add(groups?.flag === "-w" ? "-w" : "-s");
      }
      for (const { groups } of raw.matchAll(SET)) {
        const variable = groups?.variable;
        if (variable !== undefined && !sets.has(variable)) sets.set(variable, { variable, ...place });
      }
      if (builds)
        for (const { groups } of raw.matchAll(/\s-tags[ =]["']?(?<tags>[\w,]+)/g))
          for (const tag of (groups?.tags ?? "").split(",")) tags.add(tag);
      // goreleaser names the environment on a line of its own.
      if ((builds || /goreleaser/.test(source)) && /\bCGO_ENABLED=0\b/.test(raw)) withoutCgo ??= place;
    }
  }
  return { strip: [...strip].sort(), sets: [...sets.values()], ...(withoutCgo && { withoutCgo }), tags: [...tags] };
}
