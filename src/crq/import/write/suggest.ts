import type { CheckInput } from "../../render/blocks.ts";

/** What the rest of the document says that a criterion alone does not. */
export interface SuggestionContext {
  /** Whether the document is about a Rust project: then `cargo` is the tool that a shell must have. */
  readonly rust: boolean;
}

/** Checks for a criterion, and what was guessed; every check is marked `suggested`. */
export interface Suggestion {
  readonly checks: readonly CheckInput[];
  readonly note?: string;
}

const MARKDOWN_FILE = /^[\w@+.-]+(?:\/[\w@+.-]+)*\.(?:md|markdown|rst)$/i;
const FILE = /^(?!\.{1,2}$)[\w@+.-]*\w(?:\/[\w@+.-]+)*\.(?:nix|lock|toml|json|ya?ml|rs|py|sh|jsonl|cfg|conf)$/i;
/** Programs whose command lines are taken as they stand when they hold no shell syntax. */
const TOOLS = ["cargo", "make", "just", "npm", "pnpm", "yarn", "go", "pytest", "ctest", "mvn", "gradle", "statix", "deadnix"];
const ATTRIBUTE = String.raw`\.#([\w'.+-]*\w|<[^<>\s]{1,60}>)`;
const MAX_ASK = 300;

/**
 * What could prove a criterion, by what it says. The rules go from the exact (a Nix command in it) to the vague; where none fits a person
 * is asked (`manual`), so that every criterion has a block that says how it stands.
 * @param text the criterion as plain text
 * @param code its code spans
 */
export function suggestChecks(text: string, code: readonly string[], context: SuggestionContext): Suggestion {
  const checks: CheckInput[] = [];
  const notes: string[] = [];
  const add = (check: CheckInput) => {
    if (!checks.some((other) => JSON.stringify(other) === JSON.stringify(check))) checks.push(check);
  };
  // A page that shows a command is about the page, not about the command.
  const page = documentation(text, code);
  if (page !== undefined) return marked([page]);

  for (const [, target] of text.matchAll(new RegExp(String.raw`\bnix\s+build\b(?:\s+${ATTRIBUTE})?`, "g"))) {
    const attr = buildAttribute(target);
    if (attr === undefined) {
      notes.push(`${target} is not resolved; the suggestion builds the default package`);
      add({ kind: "nix-build", attr: `packages.\${system}.default` });
    } else add({ kind: "nix-build", attr });
  }
  for (const [, target] of text.matchAll(new RegExp(String.raw`\bnix\s+run\b(?:\s+${ATTRIBUTE})?`, "g"))) {
    add({ kind: "nix-build", attr: buildAttribute(target) ?? `packages.\${system}.default` });
  }
  for (const [, target] of text.matchAll(new RegExp(String.raw`\bnix\s+flake\s+check\b(?:\s+${ATTRIBUTE})?`, "g"))) {
    const name = target?.replace(/^checks\.(?:[\w-]+-(?:linux|darwin)\.)?/, "");
    add({ kind: "flake-check", ...(name !== undefined && !name.startsWith("<") && { require: [name] }) });
  }
  if (/\bnix\s+develop\b|\bdev[- ]?shells?\b|\bdevelopment (?:shell|environment)\b/i.test(text)) {
    for (const check of shellChecks(text, context)) add(check);
  }
  if (isAboutInputs(text)) add({ kind: "flake-inputs" });
  if (/\bflake\.lock\b|\block ?file\b|\bthe lock\b/i.test(text) && !/\bcargo\.lock\b/i.test(text)) add({ kind: "lock" });
  if (checks.length === 0) for (const check of otherChecks(text, code)) add(check);
  if (checks.length === 0) checks.push({ kind: "manual", ask: oneLine(text), who: "maintainer" });
  return marked(checks, notes.length > 0 ? notes.join("; ") : undefined);
}

function marked(checks: readonly CheckInput[], note?: string): Suggestion {
  return { checks: checks.map((check) => ({ ...check, suggested: true })), ...(note !== undefined && { note }) };
}

/** `x` → `packages.${system}.x`, `checks.x` → with the system in it; undefined for a placeholder such as `<package-name>`. */
function buildAttribute(target: string | undefined): string | undefined {
  if (target === undefined) return `packages.\${system}.default`;
  if (target.startsWith("<")) return undefined;
  const output = /^(packages|checks|devShells)\.(?:[\w-]+-(?:linux|darwin)\.)?(.+)$/.exec(target);
  return output === null ? `packages.\${system}.${target}` : `${output[1]}.\${system}.${output[2]}`;
}

function shellChecks(text: string, { rust }: SuggestionContext): CheckInput[] {
  const shell = new RegExp(String.raw`\bnix\s+develop\s+${ATTRIBUTE}`).exec(text)?.[1];
  const name = shell === undefined || shell.startsWith("<") ? "default" : shell.replace(/^devShells\.(?:[\w-]+-\w+\.)?/, "");
  if (!rust) return [{ kind: "flake-outputs", require: [`devShells.\${system}.${name}`] }];
  const run = { argv: ["cargo", "--version"], stdout: { regex: String.raw`^cargo \d` } };
  return [{ kind: "dev-shell", shell: name, run }];
}

function isAboutInputs(text: string): boolean {
  const inputs = /\bflake (?:references?|inputs?|urls?)\b|\binput urls?\b|\bgithub urls?\b|\binputs?\b.*\bgithub:/i;
  const rule = /\b(?:adhere|convention|policy|follow|must|only|use[sd]?|no local|local paths?|pinned)\b/i;
  return inputs.test(text) && rule.test(text);
}

/** A document that is to be changed: named files, else README.md; the commands it is to show are what it must mention. */
function documentation(text: string, code: readonly string[]): CheckInput | undefined {
  const named = code.filter((span) => MARKDOWN_FILE.test(span) && isInside(span));
  const readme = /\bREADME(?:\.md)?\b/.test(text);
  const isAbout = named.length > 0 || readme || /^\W*(?:the |all |relevant |project )*documentation\b/i.test(text);
  if (!isAbout || !/\b(?:updat|document|describ|explain|mention|section|show|add|guide|writ)\w*/i.test(text)) return undefined;
  const mentions = code.filter((span) => !MARKDOWN_FILE.test(span) && span.includes(" ") && !/[<>]/.test(span)).map(literal);
  return { kind: "doc", files: named.length > 0 ? [...new Set(named)] : ["README.md"], ...(mentions.length > 0 && { mentions }) };
}

function otherChecks(text: string, code: readonly string[]): CheckInput[] {
  const commands = code.flatMap((span): CheckInput[] => {
    const argv = span.trim().split(/\s+/);
    const isPlain = /^[\w ./:=@%+,-]+$/.test(span) && argv.length <= 20;
    return isPlain && TOOLS.includes(argv[0] ?? "") && argv.length > 1
      ? [{ kind: "command", argv, why: "the criterion names this command" }]
      : [];
  });
  if (commands.length > 0) return commands;
  if (!/\b(?:exist|creat|add|present|contain|provid|generat)\w*/i.test(text)) return [];
  return code.filter((span) => FILE.test(span) && isInside(span)).map((path): CheckInput => ({ kind: "file", path }));
}

function isInside(path: string): boolean {
  return !path.startsWith("/") && !path.startsWith("~") && !path.split("/").includes("..");
}

function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  const short = line.length > MAX_ASK ? `${line.slice(0, MAX_ASK).toWellFormed()}…` : line;
  return literal(short === "" ? "Is this criterion met?" : short);
}

/** The document's `${` is text, never a variable of ours. */
function literal(text: string): string {
  return text.toWellFormed().replaceAll("${", () => "$${");
}
