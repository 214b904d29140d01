import type { NativeNeed } from "../facts.ts";
import { BUILD_PROGRAMS, LINK_LIBRARIES, PKG_CONFIG_MODULES } from "./library-names.ts";
import { LINUX_ONLY } from "./native-libraries.ts";
import type { RustToken } from "./rust-tokens.ts";

/** Native needs of the project's own build scripts, each with where it was seen. */

export interface BuildScriptSource {
  readonly path: string;
  readonly tokens: readonly RustToken[];
}

/** The need for one library attribute, restricted to Linux where it exists nowhere else. */
export function libraryNeed(reason: string, attribute: string, viaPkgConfig: boolean): NativeNeed {
  return {
    reason,
    nativeBuildInputs: viaPkgConfig ? ["pkg-config"] : [],
    buildInputs: [attribute],
    environment: {},
    ...(LINUX_ONLY.has(attribute) && { platform: "linux" as const }),
  };
}

/** Methods of the pkg-config crate (and of system-deps' and metadeps' hand-written kin) that take a module name. */
const PROBES = new Set(["probe", "probe_library", "find_library"]);

/**
 * Needs of one build script of the project: module names given to a probe, module names anywhere in a script that runs pkg-config
 * itself, `cargo:rustc-link-lib=` lines, and `Command::new("program")`.
 */
export function needsOfBuildScript(script: BuildScriptSource): readonly NativeNeed[] {
  const { path, tokens } = script;
  const needs: NativeNeed[] = [];
  const strings = tokens.filter((token) => token.kind === "string");
  const probes = tokens.some((token) => token.kind === "word" && (token.text === "pkg_config" || token.text === "PkgConfig"));
  const runsPkgConfig = strings.some((token) => token.text === "pkg-config" || token.text === "PKG_CONFIG");
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "string") continue;
    const where = `${path}:${token.line}`;
    const afterProbe = tokens[index - 1]?.text === "(" && PROBES.has(tokens[index - 2]?.text ?? "");
    const attribute = Object.hasOwn(PKG_CONFIG_MODULES, token.text) ? PKG_CONFIG_MODULES[token.text] : undefined;
    if (attribute !== undefined && ((probes && afterProbe) || runsPkgConfig || probes))
      needs.push(libraryNeed(`${where} asks pkg-config for ${token.text}`, attribute, true));
    for (const [, name] of token.text.matchAll(/cargo::?rustc-link-lib=(?:(?:dylib|static)(?::[+\w,-]+)?=)?([\w+.-]+)/gu)) {
      const linked = name !== undefined && Object.hasOwn(LINK_LIBRARIES, name) ? LINK_LIBRARIES[name] : undefined;
      if (linked !== undefined) needs.push(libraryNeed(`${where} links ${name}`, linked, runsPkgConfig || probes));
    }
    const runs = tokens[index - 1]?.text === "(" && tokens[index - 2]?.text === "new" && tokens[index - 5]?.text === "Command";
    const program = runs && Object.hasOwn(BUILD_PROGRAMS, token.text) ? BUILD_PROGRAMS[token.text] : undefined;
    if (program !== undefined)
      needs.push({ reason: `${where} runs ${token.text}`, nativeBuildInputs: [program], buildInputs: [], environment: {} });
  }
  if ((probes || runsPkgConfig) && needs.length === 0)
    needs.push({ reason: `${path} runs pkg-config`, nativeBuildInputs: ["pkg-config"], buildInputs: [], environment: {} });
  return needs;
}

/** One list of needs without repeats: a need that adds nothing to those before it is dropped. */
export function distinctNeeds(needs: readonly NativeNeed[]): readonly NativeNeed[] {
  const seen = new Set<string>();
  return needs.filter((need) => {
    const parts = [
      ...need.nativeBuildInputs.map((name) => `n ${name}`),
      ...need.buildInputs.map((name) => `b ${name} ${need.platform ?? ""}`),
      ...Object.entries(need.environment).map(([name, value]) => `e ${name}=${value}`),
      ...(need.runtimeLibraries ?? []).map((name) => `r ${name}`),
    ];
    const fresh = parts.filter((part) => !seen.has(part));
    for (const part of fresh) seen.add(part);
    return fresh.length > 0;
  });
}
