import type { Files } from "../fault.ts";

/** Places in a flake as people and recipes write them: the call of the builder, its arguments, the package set in scope. */

export interface BuilderCall {
  /** flake.nix, or the file that it imports. */
  readonly file: string;
  /** Behind the `{` of its arguments. */
  readonly at: number;
  /** Indentation of an argument. */
  readonly indent: string;
  readonly builder: "buildRustPackage" | "naersk" | "crane";
}

const CALL = /\b(buildRustPackage|buildPackage)\s*\(?\s*(?:\w+:\s*)?(?:[\w. ]+\/\/\s*)?(?:rec\s*)?\{/u;
const CRANE_ARGUMENTS = /\b(?:commonArgs|common|args)\s*=\s*(?:\w+:\s*)?(?:rec\s*)?\{/u;

export function builderCall(files: Files): BuilderCall | undefined {
  const nix = Object.keys(files).filter((path) => path.endsWith(".nix"));
  const ordered = [...nix.filter((path) => path === "flake.nix"), ...nix.filter((path) => path !== "flake.nix").sort()];
  for (const file of ordered) {
    const text = files[file] ?? "";
    const call = CALL.exec(text);
    if (!call) continue;
    const crane = call[1] === "buildPackage" && /crane/u.test(files["flake.nix"] ?? "");
    const shared = crane ? CRANE_ARGUMENTS.exec(text) : null;
    const hit = shared ?? call;
    const at = hit.index + hit[0].length;
    const line = text.slice(text.lastIndexOf("\n", hit.index) + 1).match(/^ */u)?.[0] ?? "";
    return {
      file,
      at,
      indent: text.slice(at).match(/^\s*\n( +)/u)?.[1] ?? `${line}  `,
      builder: call[1] === "buildRustPackage" ? "buildRustPackage" : crane ? "crane" : "naersk",
    };
  }
  return undefined;
}

/** The file of the call with lines more in front of its arguments. */
export function withArgument(files: Files, call: BuilderCall, lines: readonly string[]): Files {
  const text = files[call.file] ?? "";
  const added = lines.map((line) => `\n${call.indent}${line}`).join("");
  const rest = text.slice(call.at);
  return { [call.file]: `${text.slice(0, call.at)}${added}${/^\s*\n/u.test(rest) ? "" : `\n${call.indent}`}${rest}` };
}

/** An attribute of the package set, as the file of the call can name it; the edits that this needs are made on the way. */
export function inScope(files: Files, call: BuilderCall, attribute: string): { readonly files: Files; readonly name: string } {
  const text = files[call.file] ?? "";
  const head = /^\{([^}]*)\}:/u.exec(text);
  if (call.file === "flake.nix" || !head) {
    const set = /\b(pkgs)\b\s*=/u.test(text) || /\bpkgs:/u.test(text) ? "pkgs" : "nixpkgs.legacyPackages.${system}";
    return { files: {}, name: `${set}.${attribute}` };
  }
  // A file for callPackage names what it wants in its head.
  const [first = ""] = attribute.split(".");
  const names = (head[1] ?? "").split(",").map((name) => name.trim());
  if (names.includes(first)) return { files: {}, name: attribute };
  return { files: { [call.file]: text.replace(/^\{\s*/u, (open) => `${open}${first}, `) }, name: attribute };
}

/** Where the arguments of the call end: the brace that closes them. */
function endOfArguments(text: string, at: number): number {
  let depth = 1;
  for (let index = at; index < text.length; index += 1) {
    if (text[index] === "{") depth += 1;
    else if (text[index] === "}") depth -= 1;
    if (depth === 0) return index;
  }
  return text.length;
}

/** One argument of the call replaced or added: `name = value;`. */
export function setArgument(files: Files, call: BuilderCall, name: string, value: string): Files {
  const text = files[call.file] ?? "";
  const existing = new RegExp(`^( *)${name} = [^;]*;`, "mu");
  const end = endOfArguments(text, call.at);
  const given = text.slice(call.at, end);
  if (!existing.test(given)) return withArgument(files, call, [`${name} = ${value};`]);
  const changed = given.replace(existing, (_all, indent: string) => `${indent}${name} = ${value};`);
  return { [call.file]: text.slice(0, call.at) + changed + text.slice(end) };
}

/** An attribute of the package set put into a list argument (`buildInputs`). */
export function addToList(files: Files, call: BuilderCall, name: string, attribute: string): Files {
  const scoped = inScope(files, call, attribute);
  const now = { ...files, ...scoped.files };
  const place = builderCall(now) ?? call;
  const text = now[place.file] ?? "";
  const list = new RegExp(`\\b${name} = (?:with [\\w.]+; )?\\[`, "u");
  const end = endOfArguments(text, place.at);
  const given = text.slice(place.at, end);
  if (!list.test(given)) return { ...scoped.files, ...withArgument(now, place, [`${name} = [ ${scoped.name} ];`]) };
  const changed = given.replace(list, (open) => `${open} ${scoped.name}`);
  return { ...scoped.files, [place.file]: text.slice(0, place.at) + changed + text.slice(end) };
}
