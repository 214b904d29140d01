import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildProgram } from "./build-program.ts";
import { type Bench, inTurn } from "./figure.ts";

const root = join(import.meta.dirname, "../..");
const DOCUMENTS = 500;

/** Reads and parses the files it is given with remark alone, in a process of its own, as the linter is in one. */
const PARSE = `
import { readdirSync, readFileSync } from "node:fs";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
const processor = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter).freeze();
const folder = process.argv[2];
let nodes = 0;
for (const name of readdirSync(folder)) nodes += processor.parse(readFileSync(folder + "/" + name, "utf8")).children.length;
if (nodes < 1000) throw new Error("nothing was parsed");
`;

export const lint: Bench = {
  about: `\`crq-agent lint\` of ${DOCUMENTS} documents at strict, built, against remark parsing them`,
  bound: { side: "at most", ratio: 3 },
  async run() {
    buildProgram();
    const folder = mkdtempSync(join(tmpdir(), "crq-agent-lint-"));
    // Beside the built program, so that both find the same libraries.
    const parser = join(root, "dist", "parse-alone.mjs");
    try {
      const repository = join(folder, "repository");
      writeDocuments(repository);
      writeFileSync(parser, PARSE);
      const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache"), XDG_STATE_HOME: join(folder, "state") };
      const timed = async (argv: readonly string[], expected: RegExp): Promise<number> => {
        const started = performance.now();
        const done = spawnSync(process.execPath, argv, { cwd: repository, env, encoding: "utf8", maxBuffer: 1 << 28 });
        const elapsed = performance.now() - started;
        if (!expected.test(done.stdout))
          throw new Error(`${argv.join(" ")} (exit ${done.status}): ${done.stderr.slice(0, 2000)}`);
        return elapsed;
      };
      const linted = () => timed([join(root, "dist", "bin.js"), "lint", "--profile", "strict"], /^500 documents, \d\d rules: /mu);
      const parsed = () => timed([parser, join(repository, "crqs")], /^$/u);
      const figure = await inTurn(7, linted, parsed);
      return { ...figure, unit: "ms" };
    } finally {
      rmSync(parser, { force: true });
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** CRQs as they are: facts, relations to others, one in twenty with findings; no `nix` fence, for Nix is not what is timed. */
function writeDocuments(repository: string): void {
  const example = join(root, "test", "crq", "fixtures", "greet");
  mkdirSync(join(repository, "crqs"), { recursive: true });
  const run = (...argv: readonly string[]) => spawnSync(argv[0] ?? "", argv.slice(1), { cwd: repository });
  run(
    "cp",
    "-r",
    join(example, "Cargo.toml"),
    join(example, "Cargo.lock"),
    join(example, "README.md"),
    join(example, "docs"),
    ".",
  );
  const text = spawnSync("cat", [join(example, "crqs", "CRQ-001-nixify-greet.md")], { encoding: "utf8" }).stdout;
  for (let n = 1; n <= DOCUMENTS; n++) {
    const id = `CRQ-${String(n).padStart(3, "0")}`;
    const related = n > 2 ? `related = ["CRQ-${String(n - 1).padStart(3, "0")}", "CRQ-${String(n - 2).padStart(3, "0")}"]\n` : "";
    const source = text
      .replaceAll("CRQ-001", id)
      .replace("branch =", `${related}branch =`)
      .replace("Every machine should", n % 20 === 0 ? "TODO: see /home/x/y, every machine should" : "Every machine should");
    writeFileSync(join(repository, "crqs", `${id}-nixify-greet.md`), source);
  }
  run("git", "init", "--quiet", "--initial-branch=main");
  run("git", "add", "--all");
  run("git", "-c", "user.name=b", "-c", "user.email=b@example.org", "commit", "--quiet", "-m", "documents");
}
