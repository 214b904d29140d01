import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { parse as parseToml } from "smol-toml";
import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { defineKind } from "../../check/kind.ts";
import { type CheckResult, failed, passed, vacuous } from "../../check/result.ts";
import { excerpt, excerptOfValue } from "../../judge/expectations.ts";
import { atPointer } from "../../judge/json-pointer.ts";
import type { ReadFile } from "../../target.ts";

const ONE = { candidates: 1, checked: 1 };

export const file = defineKind({
  schema: checkSchemas.file,
  kind: "file",
  tier: "text",
  needs: "files",
  guard: "the pattern matches the empty string",
  canary: {
    description: "a file with another content than the check asks for",
    files: { "settings.toml": 'edition = "2021"\n' },
    check: checkSchemas.file.parse({ kind: "file", path: "settings.toml", pointer: "/edition", equals: "2024" }),
  },
  run: (check, context) => judge(check, context.target.read(check.path), () => context.target.occupied(check.path)),
});

async function judge(check: CheckOf<"file">, reading: Promise<ReadFile>, occupied: () => Promise<boolean>): Promise<CheckResult> {
  const banned = check["not-regex"];
  if (banned !== undefined && new RegExp(banned, "mu").test("")) {
    return vacuous("nothing-checked", "text", `/${banned}/ matches the empty string, so no file meets it`);
  }
  if (check.regex !== undefined && new RegExp(check.regex, "mu").test("")) {
    return vacuous("nothing-checked", "text", `/${check.regex}/ matches the empty string, so every file meets it`);
  }
  const read = await reading;
  if (check.absent) return judgeAbsent(check.path, read, await occupied());
  if (!read.ok)
    return failed(read.why === "outside" ? "outside-target" : "missing", "text", read.message, { candidates: 1, checked: 0 });
  const problems = problemsOf(check, read.bytes, read.text);
  if (problems.length > 0) return failed("mismatch", "text", `${check.path}: ${problems.join("; ")}`, ONE);
  if (read.bytes.length === 0) return vacuous("empty", "text", `${check.path} is empty`, ONE);
  return passed("text", `${check.path} holds what was asked for`, ONE);
}

/** A link to nothing is something: it may lead somewhere on another machine. */
function judgeAbsent(path: string, read: ReadFile, occupied: boolean): CheckResult {
  if (read.ok || read.why === "too-large" || read.why === "not-a-file" || (occupied && read.why === "missing"))
    return failed("mismatch", "text", `${path} exists`, ONE);
  if (read.why === "outside") return failed("outside-target", "text", read.message, ONE);
  return passed("text", `${path} does not exist`, ONE);
}

function problemsOf(check: CheckOf<"file">, bytes: Buffer, text: string): string[] {
  const problems: string[] = [];
  if (check.sha256 !== undefined) {
    const actual = createHash("sha256").update(bytes).digest("hex");
    if (actual !== check.sha256.toLowerCase()) problems.push(`its sha256 is ${actual}`);
  }
  if (check.regex !== undefined && !new RegExp(check.regex, "mu").test(text)) problems.push(`nothing matches /${check.regex}/`);
  const banned = check["not-regex"] === undefined ? undefined : new RegExp(check["not-regex"], "mu").exec(text);
  if (banned) problems.push(`/${check["not-regex"]}/ matches in line ${text.slice(0, banned.index).split("\n").length}`);
  if (check.pointer !== undefined) {
    const value = parseDocument(check.path, text);
    if ("problem" in value) problems.push(value.problem);
    else {
      const hit = atPointer(value.document, check.pointer);
      if (!hit.found) problems.push(hit.problem);
      else if (check.equals !== undefined && !isDeepStrictEqual(hit.value, plain(check.equals))) {
        problems.push(`${check.pointer} is ${excerptOfValue(hit.value)} instead of ${excerptOfValue(check.equals)}`);
      }
    }
  } else if (check.equals !== undefined && text.replace(/\r?\n$/, "") !== String(check.equals).replace(/\r?\n$/, "")) {
    problems.push(`its text is ${excerpt(text)}`);
  }
  return problems;
}

/** TOML by its file name (also `*.lock`, unless it is JSON), anything else as JSON. */
function parseDocument(path: string, text: string): { readonly document: unknown } | { readonly problem: string } {
  const toml = /\.(?:toml|lock)$/.test(path) && !text.trimStart().startsWith("{");
  try {
    return { document: toml ? plain(parseToml(text)) : JSON.parse(text) };
  } catch (error) {
    return {
      problem: `it is no ${toml ? "TOML" : "JSON"}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
    };
  }
}

/** TOML tables come without prototype and dates as objects; both are compared as JSON would show them. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
