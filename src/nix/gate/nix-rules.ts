import { attributeNameAt, type NixToken, stringAt, tokenize, withoutComments } from "../tokenize.ts";
import type { GateProblem, ProposedChange } from "./proposal.ts";

/**
 * What no proposal may bring into Nix code: settings that a flake asks for, and the ways out of the sandbox. Judged on tokens, so that a
 * comment is no offence and a quoted attribute name is one; what the base already has is not the proposal's.
 */

const FORBIDDEN_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    __noChroot: "a build outside the sandbox",
    __impure: "an impure derivation",
  }),
);

const UNSAFE_TEXT =
  /--(?:impure|accept-flake-config|no-sandbox|no-pure-eval)\b|--option\s+(?:sandbox|pure-eval|restrict-eval)\s+(?:false|relaxed)|\b(?:sandbox|pure-eval)\s*=\s*(?:false|relaxed)\b|accept-flake-config\s*=\s*true|allow-unsafe-native-code-during-evaluation/u;

export function nixProblems(change: ProposedChange): readonly GateProblem[] {
  const after = withoutComments(tokenize(change.after ?? ""));
  const before = withoutComments(tokenize(change.before ?? ""));
  return [
    ...settings(change.path, before, after),
    ...names(change.path, before, after),
    ...unsafeTexts(change.path, before, after),
  ];
}

/** Every `nixConfig…` binding of a flake.nix, as its tokens; the binding ends at the semicolon of its own level. */
function settingBindings(tokens: readonly NixToken[]): readonly { readonly token: NixToken; readonly text: string }[] {
  return tokens.flatMap((token, index) => {
    const attribute = attributeNameAt(tokens, index);
    if (attribute?.name !== "nixConfig" || isPart(tokens, index)) return [];
    let level = 0;
    const parts: string[] = [];
    for (const { text, kind } of tokens.slice(index)) {
      if (kind === "symbol" && /^[([{]$/u.test(text)) level += 1;
      if (kind === "symbol" && /^[)\]}]$/u.test(text)) level -= 1;
      if ((text === ";" && level === 0) || level < 0) break;
      parts.push(text);
    }
    return [{ token, text: parts.join(" ") }];
  });
}

/** The inside of a quoted name: the binding was seen at its opening quote already. */
const isPart = (tokens: readonly NixToken[], index: number): boolean =>
  tokens[index]?.kind === "quote" && tokens[index - 1]?.text === "${";

function settings(file: string, before: readonly NixToken[], after: readonly NixToken[]): readonly GateProblem[] {
  if (!/(?:^|\/)flake\.nix$/u.test(file)) return [];
  const known = new Set(settingBindings(before).map(({ text }) => text));
  return settingBindings(after)
    .filter(({ text }) => !known.has(text))
    .map(({ token }) => ({
      rule: "nix-config",
      file,
      line: token.line,
      message: "nixConfig is added or changed: a flake must not choose Nix's settings (it could switch the sandbox off)",
      next: "Leave nixConfig out; name a binary cache or setting in the documentation, where a person decides.",
    }));
}

function names(file: string, before: readonly NixToken[], after: readonly NixToken[]): readonly GateProblem[] {
  const problems: GateProblem[] = [];
  const had = new Set(forbidden(before).map(({ name }) => name));
  for (const { name, line } of forbidden(after)) {
    if (had.has(name)) continue;
    problems.push({
      rule: "sandbox-escape",
      file,
      line,
      message: `${name} means ${FORBIDDEN_NAMES.get(name) ?? "running a program while evaluating"}: refused`,
      next: "Builds stay in the sandbox. Fetch what is needed by a fixed-output fetcher or a flake input, or call give_up with reason network-at-build-time.",
    });
  }
  return problems;
}

function forbidden(tokens: readonly NixToken[]): readonly { readonly name: string; readonly line: number }[] {
  const namesExec = tokens.some(({ text, kind }) => kind === "identifier" && text === "exec");
  return tokens.flatMap((token, index) => {
    if (token.kind === "identifier" && FORBIDDEN_NAMES.has(token.text)) return [{ name: token.text, line: token.line }];
    const quoted = stringAt(tokens, index)?.value;
    if (quoted !== undefined && FORBIDDEN_NAMES.has(quoted)) return [{ name: quoted, line: token.line }];
    if (isExec(tokens, index, namesExec)) return [{ name: "builtins.exec", line: token.line }];
    return [];
  });
}

/**
 * `builtins.exec`, `builtins."exec"`, `inherit (builtins) … exec`, `with builtins; exec`, `importNative`.
 * @param namesExec whether `exec` stands anywhere as a name
 */
function isExec(tokens: readonly NixToken[], index: number, namesExec: boolean): boolean {
  const token = tokens[index];
  if (token?.text === "importNative" && token.kind === "identifier") return true;
  if (token?.kind !== "identifier" || token.text !== "builtins") return false;
  const rest = tokens.slice(index + 1, index + 40);
  if (rest[0]?.text === ".") return attributeNameAt(rest, 1)?.name === "exec";
  const end = rest.findIndex(({ text }) => text === ";");
  const inherited = rest.slice(0, end === -1 ? rest.length : end);
  if (rest[0]?.text === ")" && tokens[index - 1]?.text === "(" && tokens[index - 2]?.text === "inherit")
    return inherited.some(({ text }) => text === "exec");
  return namesExec && rest[0]?.text === ";" && tokens[index - 1]?.text === "with";
}

function unsafeTexts(file: string, before: readonly NixToken[], after: readonly NixToken[]): readonly GateProblem[] {
  const texts = (tokens: readonly NixToken[]): readonly { readonly hit: string; readonly line: number }[] =>
    tokens.flatMap((token) => {
      const hit = token.kind === "text" ? token.value?.match(UNSAFE_TEXT) : undefined;
      return hit ? [{ hit: hit[0], line: token.line + lineBreaks(token.value ?? "", hit.index ?? 0) }] : [];
    });
  const had = new Set(texts(before).map(({ hit }) => hit));
  return texts(after)
    .filter(({ hit }) => !had.has(hit))
    .map(({ hit, line }) => unsafe(file, line, hit));
}

const lineBreaks = (text: string, end: number): number => text.slice(0, end).split("\n").length - 1;

const unsafe = (file: string, line: number, hit: string): GateProblem => ({
  rule: "unsafe-flag",
  file,
  line,
  message: `'${hit}' takes the evaluation or the build out of its limits`,
  next: "Write the command without it: the flake must evaluate purely and build in the sandbox.",
});

const SCRIPT =
  /(?:\.(?:sh|bash|zsh|fish|py|rb|pl|mk|yml|yaml|toml|json|conf)|(?:^|\/)(?:Makefile|makefile|GNUmakefile|justfile|Justfile|\.envrc|Earthfile|Dockerfile|nix\.conf))$/u;

/** Scripts and CI files: the same flags, line by line, outside comments. */
export function scriptProblems({ path, before, after }: ProposedChange): readonly GateProblem[] {
  if (!SCRIPT.test(path) || after === undefined) return [];
  const had = new Set((before ?? "").split("\n").map((line) => line.trim()));
  return after.split("\n").flatMap((text, index) => {
    const code = /^\s*(?:#|\/\/)/u.test(text) ? "" : text;
    const hit = code.match(UNSAFE_TEXT);
    return hit && !had.has(text.trim()) ? [unsafe(path, index + 1, hit[0])] : [];
  });
}
