import picomatch from "picomatch";
import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { type CheckContext, defineKind, evaluator } from "../../check/kind.ts";
import { type CheckResult, failed, failureOfNix, passed, vacuous } from "../../check/result.ts";

export const nixParse = defineKind({
  schema: checkSchemas["nix-parse"],
  kind: "nix-parse",
  tier: "parse",
  needs: "nix",
  guard: "no tracked file matches",
  canary: {
    description: "an indented string closed with ''', which is an escape, so it never closes",
    files: { "flake.nix": "{\n  outputs = _: { text = '''\n    hello\n  '''; };\n}\n" },
    check: checkSchemas["nix-parse"].parse({ kind: "nix-parse", files: ["**/*.nix"] }),
  },
  run: judge,
});

async function judge(check: CheckOf<"nix-parse">, context: CheckContext): Promise<CheckResult> {
  const files = context.target.matching(check.files);
  const counts = { candidates: files.length, checked: files.length };
  if (files.length === 0) return vacuous("nothing-checked", "parse", `no tracked file matches ${check.files.join(", ")}`, counts);
  // A glob is for whatever is there; a file that is named is asked for.
  const absent = check.files.filter((path) => !picomatch.scan(path).isGlob && !context.target.has(path));
  if (absent.length > 0) return failed("missing", "parse", `${absent.join(", ")} does not exist among the tracked files`, counts);
  for (const path of files) {
    // Also refuses a link that leads out of the target before Nix follows it.
    const read = await context.target.read(path);
    if (!read.ok) return failed(read.why === "outside" ? "outside-target" : "missing", "parse", read.message, counts);
  }
  const parsed = await evaluator(context).parse(files, check.timeout * 1000);
  if (!parsed.ok) return failureOfNix(parsed, "parsing", counts);
  return passed("parse", `${files.length === 1 ? "1 file parses" : `${files.length} files parse`}`, counts, {
    warnings: parsed.warnings,
  });
}
