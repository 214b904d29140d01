import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * `npm run demo`: the main job on a small Rust project, with real Nix and no network. One sentence becomes a CRQ, the CRQ becomes a branch,
 * and every criterion is proven. `--keep` leaves the project in place.
 */

const root = join(import.meta.dirname, "..");
const keep = process.argv.includes("--keep");
const place = mkdtempSync(join(tmpdir(), "crq-agent-demo-"));
const repo = join(place, "tally");
const cache = join(root, ".prefix", "cache");
mkdirSync(cache, { recursive: true });
cpSync(join(root, "docs", "demo", "repo"), repo, { recursive: true });

// The demo has a home of its own: its commits carry a demo's name, and nothing of the person's configuration plays in.
writeFileSync(join(place, ".gitconfig"), "[user]\n\tname = Demo\n\temail = demo@localhost\n");
const env = {
  ...process.env,
  HOME: place,
  XDG_CACHE_HOME: cache,
  XDG_STATE_HOME: join(place, "state"),
};
const started = performance.now();

function step(shown: string, file: string, args: readonly string[]): void {
  const from = performance.now();
  console.log(`\n$ ${shown}`);
  const { status } = spawnSync(file, args, { cwd: repo, env, stdio: "inherit" });
  console.log(`# ${((performance.now() - from) / 1000).toFixed(1)} s${status === 0 ? "" : `, exit ${status}`}`);
  if (status !== 0) {
    console.error(`The demo stopped at: ${shown}. The project is in ${repo}.`);
    process.exit(1);
  }
}
const quiet = (...args: string[]): void => {
  const { status, stderr } = spawnSync("git", args, { cwd: repo, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
};
const crqAgent = (shown: string, ...args: string[]): void =>
  step(`crq-agent ${shown}`, process.execPath, [join(root, "src", "bin.ts"), ...args]);

quiet("init", "--quiet", "--initial-branch=main");
quiet("add", "--all");
quiet("commit", "--quiet", "-m", "tally 0.3.1");
console.log(`A Rust project without Nix: ${repo}`);

const wish = "nixify this Rust project using naersk, as our docs say";
crqAgent(`draft "${wish}"`, "draft", wish, "--list", "crqs/list.txt");
const crq = readdirSync(join(repo, "crqs")).find((name) => name.startsWith("CRQ-001"));
if (crq === undefined) throw new Error("draft wrote no CRQ-001");
step("git add crqs && git commit -m 'Request a Nix build'", "sh", [
  "-c",
  "git add crqs && git commit --quiet -m 'Request a Nix build'",
]);
crqAgent(`apply crqs/${crq} --world shipped --yes`, "apply", join("crqs", crq), "--world", "shipped", "--yes");
const branch = spawnSync("git", ["for-each-ref", "--format=%(refname:short)", "refs/heads/feature"], {
  cwd: repo,
  env,
  encoding: "utf8",
}).stdout.trim();
step(`git log --stat -1 ${branch}`, "git", ["--no-pager", "log", "--stat", "-1", branch]);
step("git status --short   # nothing of the checkout changed", "git", ["status", "--short"]);
step(`git merge --quiet ${branch}`, "git", ["merge", "--quiet", branch]);
crqAgent(
  "verify CRQ-001 --world shipped --quiet   # the criteria alone, as CI would run them",
  "verify",
  "CRQ-001",
  "--world",
  "shipped",
  "--quiet",
);

console.log(`\nThe demo took ${((performance.now() - started) / 1000).toFixed(1)} s.`);
if (keep) console.log(`The project is in ${repo}.`);
else rmSync(place, { recursive: true, force: true });
