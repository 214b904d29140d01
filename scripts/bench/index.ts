import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildProgram } from "./build-program.ts";
import { type Bench, inTurn, median } from "./figure.ts";

const root = join(import.meta.dirname, "../..");
const program = join(root, "dist/bin.js");
const DOCUMENTS = 2_000;
const BRANCHES = 200;

const identity = {
  GIT_AUTHOR_NAME: "Bench",
  GIT_AUTHOR_EMAIL: "bench@localhost",
  GIT_COMMITTER_NAME: "Bench",
  GIT_COMMITTER_EMAIL: "bench@localhost",
};

/** 2,000 CRQs as `draft` writes them (the example of the prompts under other ids), and 200 branches that each added one. */
function largeRepository(base: string): string {
  const repo = join(base, "large");
  const git = (args: readonly string[], input = ""): void => {
    execFileSync("git", args, { cwd: repo, input, env: { ...process.env, ...identity }, stdio: ["pipe", "ignore", "inherit"] });
  };
  const prompt = readFileSync(join(root, "prompts/example-crq.md"), "utf8");
  const example = /^(`{3,})markdown\n([\s\S]*?\n)\1$/m.exec(prompt)?.[2];
  if (example === undefined) throw new Error("prompts/example-crq.md no longer holds its example in a fence");
  const document = (number: number): string => example.replaceAll("CRQ-042", idOf(number)).replaceAll("tally", `tally${number}`);
  mkdirSync(join(repo, "crqs"), { recursive: true });
  for (let number = 1; number <= DOCUMENTS; number += 1)
    writeFileSync(join(repo, "crqs", `${idOf(number)}-nixify-tally${number}.md`), document(number));
  git(["init", "--quiet", "--initial-branch=main"]);
  git(["add", "--all"]);
  git(["commit", "--quiet", "-m", "documents"]);
  const stream: string[] = [];
  for (let branch = 1; branch <= BRANCHES; branch += 1) {
    const number = DOCUMENTS + branch;
    const text = document(number);
    stream.push(
      `commit refs/heads/feature/${idOf(number)}-x`,
      `committer Bench <bench@localhost> ${branch} +0000`,
      "data 1\nx",
      "from refs/heads/main^0",
      `M 100644 inline crqs/${idOf(number)}-x.md`,
      `data ${Buffer.byteLength(text)}\n${text}`,
    );
  }
  git(["fast-import", "--quiet"], stream.join("\n"));
  return repo;
}

const idOf = (number: number): string => `CRQ-${String(number).padStart(3, "0")}`;

/** Git's own reading of every object that the refs hold, and the Markdown parser over the same documents, in a process of its own. */
const REFERENCE = `
import { execSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
execSync("git rev-list --objects --no-walk --all | git cat-file --batch='%(objectname) %(objecttype) %(rest)' --buffer >/dev/null", { stdio: "ignore", shell: "/bin/sh" });
const parser = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter).freeze();
for (const name of readdirSync("crqs")) parser.parse(readFileSync("crqs/" + name, "utf8"));
`;

export const index: Bench = {
  about: `index of ${DOCUMENTS} CRQs with ${BRANCHES} branches, nothing remembered, against git reading the same objects and remark parsing the same documents`,
  bound: { side: "at most", ratio: 1.5 },
  async run() {
    buildProgram();
    const base = mkdtempSync(join(tmpdir(), "crq-agent-index-"));
    try {
      const repo = largeRepository(base);
      const timed = (args: readonly string[], cache: string, input?: string): number => {
        const started = performance.now();
        const env = { ...process.env, XDG_CACHE_HOME: cache, XDG_STATE_HOME: join(base, "state") };
        const { status, stderr } = spawnSync(process.execPath, args, { cwd: repo, env, encoding: "utf8", input });
        if (status !== 0) throw new Error(`node ${args.join(" ")} exited with ${status}: ${stderr.slice(-3000)}`);
        return performance.now() - started;
      };
      const cache = join(base, "cache");
      const listFiles = ["list.txt", "INDEX.md"].map((name) => join(repo, "crqs", name));
      const cold = async (): Promise<number> => {
        for (const path of [cache, ...listFiles]) rmSync(path, { recursive: true, force: true });
        return timed([program, "index", "--quiet"], cache);
      };
      const script = join(root, "dist", "index-reference.mjs");
      writeFileSync(script, REFERENCE);
      const figure = await inTurn(3, cold, async () => timed([script], cache));
      rmSync(script);
      await cold();
      const warm = median([1, 2, 3].map(() => timed([program, "index", "--quiet"], cache)));
      return { ...figure, unit: "ms", notes: [`${warm.toFixed(0)} ms where the documents were read before`] };
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  },
};
