import { type CheckOf, checkSchemas } from "../../../checks.ts";
import { type CheckContext, defineKind } from "../../check/kind.ts";
import { type CheckResult, failed, passed, unavailable, vacuous } from "../../check/result.ts";
import { commandsOfFence } from "../../judge/documented-command.ts";
import { type MarkdownText, markdownText, sameHeading } from "../../judge/markdown-text.ts";
import { runDocumented } from "../../programs/run-documented.ts";

export const doc = defineKind({
  schema: checkSchemas.doc,
  kind: "doc",
  tier: "text",
  tierOf: (check) => (check["run-fences"] ? "run" : "text"),
  needs: "files",
  guard: "only white space changed since the base commit",
  canary: {
    description: "a file in which only white space changed",
    files: { "README.md": "# Tool\n\n## Nix\n\nRun `nix build`.\n" },
    change: { "README.md": "# Tool\n\n\n## Nix\n\nRun  `nix build`.  \n\n" },
    check: checkSchemas.doc.parse({ kind: "doc", files: ["README.md"], headings: ["Nix"], mentions: ["nix build"] }),
  },
  run: judge,
});

interface Document {
  readonly path: string;
  readonly change: "unchanged" | "white-space" | "changed";
  readonly content: MarkdownText;
  /** What it showed at the base commit. */
  readonly before: MarkdownText | undefined;
}

async function judge(check: CheckOf<"doc">, context: CheckContext): Promise<CheckResult> {
  const documents: Document[] = [];
  for (const path of wantedFiles(check, context)) {
    const read = await context.target.read(path);
    const counts = { candidates: check.files.length, checked: documents.length };
    if (!read.ok) return failed(read.why === "outside" ? "outside-target" : "missing", "text", read.message, counts);
    const before = await context.target.atBase(path);
    documents.push({
      path,
      change: changeOf(before, read.text),
      content: markdownText(read.text),
      before: before === undefined ? undefined : markdownText(before),
    });
  }
  const counts = { candidates: documents.length, checked: documents.length };
  const shown = documents.map((document) => document.content);
  const problems = [...missingHeadings(check, shown), ...missingMentions(check, shown)];
  if (problems.length > 0) return failed("missing", "text", `${check.files.join(", ")}: ${problems.join("; ")}`, counts);
  // What must only stay true asks for no change.
  const moved = check.regression ? [] : documents;
  const still = moved.find((document) => document.change === "unchanged");
  if (still) return failed("unchanged", "text", `${still.path} has not changed since the base commit`, counts);
  const touched = moved.find((document) => document.change === "white-space");
  if (touched)
    return vacuous("nothing-checked", "text", `only white space changed in ${touched.path} since the base commit`, counts);
  if (check["run-fences"]) return runFences(check, documents, context);
  const names = documents.map((document) => document.path).join(", ");
  const before = documents.flatMap((document) => document.before ?? []);
  const wanted = !check.regression && check.headings.length + check.mentions.length > 0;
  const warnings =
    wanted && missingHeadings(check, before).length + missingMentions(check, before).length === 0
      ? [`all that ${check.files.join(", ")} is asked for was there before; that it changed is all that was shown`]
      : [];
  const verb = documents.length === 1 ? "shows" : "show";
  return passed("text", `${names} ${check.regression ? "" : "changed and "}${verb} what was asked for`, counts, { warnings });
}

/** Every fence marked `run`, carried out by the evaluator. */
async function runFences(check: CheckOf<"doc">, documents: readonly Document[], context: CheckContext): Promise<CheckResult> {
  if (!context.target.hasFlake) return failed("no-flake", "text", "flake.nix does not exist among the tracked files");
  if (!context.nix) return unavailable("no-nix", "text", context.noNix);
  let last: CheckResult | undefined;
  for (const { path, content } of documents) {
    const commands = content.runFences.flatMap(({ language, code, line }) => commandsOfFence(language, code, line));
    if (commands.length === 0) continue;
    last = await runDocumented(path, commands, context, check.timeout * 1000);
    if (last.verdict !== "pass") return last;
  }
  return last ?? vacuous("nothing-checked", "text", `no fence in ${check.files.join(", ")} is marked with \`run\``);
}

/** Globs become the tracked files they match; what matches nothing is taken for a path, so that its absence is reported. */
function wantedFiles(check: CheckOf<"doc">, context: CheckContext): readonly string[] {
  return [
    ...new Set(
      check.files.flatMap((glob) => {
        const matching = context.target.matching([glob]);
        return matching.length > 0 ? matching : [glob];
      }),
    ),
  ];
}

function changeOf(before: string | undefined, after: string): Document["change"] {
  if (before === after) return "unchanged";
  return (before ?? "").replace(/\s+/gu, "") === after.replace(/\s+/gu, "") ? "white-space" : "changed";
}

function missingHeadings(check: CheckOf<"doc">, texts: readonly MarkdownText[]): string[] {
  const headings = texts.flatMap((text) => text.headings);
  return check.headings
    .filter((wanted) => !headings.some((heading) => sameHeading(heading, wanted)))
    .map((wanted) => `no heading "${wanted}"`);
}

function missingMentions(check: CheckOf<"doc">, texts: readonly MarkdownText[]): string[] {
  const text = texts.map((one) => oneLine(one.text)).join("\n");
  return check.mentions.filter((wanted) => !text.includes(oneLine(wanted))).map((wanted) => `"${wanted}" is mentioned nowhere`);
}

const oneLine = (text: string): string => text.replace(/\s+/gu, " ").trim();
