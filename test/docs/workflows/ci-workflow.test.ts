import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { commitAll, place } from "../../program/place.ts";
import { noNix } from "../../program/samples.ts";
import { PACKAGE_ROOT } from "../../program/world.ts";
import { install, type JobRun, runJob } from "./run-job.ts";
import { type Contexts, readWorkflow } from "./workflow.ts";

const FILE = "docs/guides/ci-workflow.yml";
const text = readFileSync(join(PACKAGE_ROOT, FILE), "utf8");

const PROJECT = {
  "Cargo.toml": '[package]\nname = "addup"\nversion = "0.1.0"\nedition = "2021"\n',
  "Cargo.lock": 'version = 3\n\n[[package]]\nname = "addup"\nversion = "0.1.0"\n',
  "src/main.rs": 'fn main() {\n    println!("{}", 1 + 2);\n}\n',
  "README.md": "# addup\n\n```console\n$ addup\n3\n```\n",
};

const PULL_REQUEST: Contexts = { github: { event_name: "pull_request", token: "t" } };
const dispatched = (inputs: Readonly<Record<string, string>>): Contexts => ({
  github: { event_name: "workflow_dispatch", token: "t" },
  inputs,
});

describe(FILE, () => {
  it("is what GitHub's own parser takes", async () => {
    expect((await readWorkflow(FILE, text)).problems).toEqual([]);
    const broken = text.replace("timeout-minutes", "timeout-minute").replace("vars.CRQ_MODEL", "var.CRQ_MODEL");
    expect((await readWorkflow(FILE, broken)).problems).toEqual([
      `${FILE} (Line: 50, Col: 18): Unrecognized named-value: 'var'`,
      `${FILE} (Line: 61, Col: 5): Unexpected value 'timeout-minute'`,
    ]);
    const injected = text.replace('"$RUNNER_TEMP/wish.txt" --model', '"${{ inputs.wish }}" --model');
    expect((await readWorkflow(FILE, injected)).problems).toEqual([
      `${FILE}: a script of draft is made of an expression: whoever fills that in writes commands`,
    ]);
  });

  it("starts one job an event", async () => {
    const { jobs } = await readWorkflow(FILE, text);
    const started = (contexts: Contexts) => jobs.filter((job) => job.starts(contexts)).map(({ name }) => name);
    expect(started(PULL_REQUEST)).toEqual(["verify"]);
    expect(started(dispatched({ wish: "nixify this", crq: "" }))).toEqual(["draft"]);
    expect(started(dispatched({ wish: "", crq: "CRQ-001" }))).toEqual(["apply"]);
  });

  it.skipIf(noNix !== undefined)("drafts, applies what a person approved, and verifies what was merged", async () => {
    const { jobs } = await readWorkflow(FILE, text);
    const at = await place();
    await install(at, { gh: `printf '%s\\n' "$*" >> "$(dirname "$0")/pull-requests"` });
    const person = await at.repository(PROJECT);
    const hub = join(at.folder, "hub.git");
    await git(["clone", "--quiet", "--bare", person, hub], { cwd: at.folder });
    await git(["remote", "add", "origin", hub], { cwd: person });

    const start = async (contexts: Contexts, id: string): Promise<JobRun> => {
      const [job, ...others] = jobs.filter((one) => one.starts(contexts));
      if (job === undefined || others.length > 0) throw new Error("one job starts");
      const checkout = join(at.folder, `checkout-${id}`);
      await git(["clone", "--quiet", hub, checkout], { cwd: at.folder });
      return runJob(job, checkout, {
        at,
        contexts,
        variables: { GITHUB_RUN_ID: id },
        passOver: /^(?:sudo|npm install --global) /u,
      });
    };
    /** Without a failure: which scripts ran and which did not. */
    const passed = ({ ran, passedOver }: JobRun) => {
      const failed = ran.find(({ exit }) => exit !== 0);
      if (failed) throw new Error(`exit ${failed.exit} of ${failed.script}\n${failed.output}`);
      return { scripts: ran.length, passedOver };
    };
    const merge = async (branch: string): Promise<void> => {
      await git(["fetch", "--quiet", "origin"], { cwd: person });
      await git(["merge", "--quiet", `origin/${branch}`], { cwd: person });
    };
    const push = () => git(["push", "--quiet", "origin", "main"], { cwd: person });
    const prepared = ["actions/checkout@v4", "actions/setup-node@v4"];
    const nix = [
      "cachix/install-nix-action@v31",
      "sudo apt-get install --yes bubblewrap && sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    ];
    const installed = "npm install --global crq-agent@0.1.0";

    const wish = "nixify this Rust project; touch nothing else `whoami` $(whoami)";
    expect(passed(await start(dispatched({ wish, crq: "" }), "1"))).toEqual({ scripts: 3, passedOver: [...prepared, installed] });
    await merge("draft/1");
    await push();

    const early = await start(dispatched({ wish: "", crq: "CRQ-001" }), "2");
    expect(early.ran.map(({ exit }) => exit)).toEqual([5]);
    expect((await at.run(["approve", "CRQ-001", "--yes"], { cwd: person })).exit).toBe(0);
    await commitAll(person, "Approve it");
    await push();
    const applied = await start(dispatched({ wish: "", crq: "CRQ-001" }), "3");
    expect(passed(applied)).toEqual({ scripts: 1, passedOver: [...prepared, ...nix, installed] });
    await merge("apply/3");
    await push();

    const verified = await start(PULL_REQUEST, "4");
    expect(passed(verified)).toEqual({
      scripts: 2,
      passedOver: [...prepared, ...nix, installed, "actions/upload-artifact@v4"],
    });
    expect(verified.ran.at(-1)?.output).toContain("Every criterion of CRQ-001 passes.");
    expect(existsSync(join(at.folder, "checkout-4", "verdict", "junit.xml"))).toBe(true);
    expect(await readFile(join(at.folder, "installed", "pull-requests"), "utf8")).toBe(
      "pr create --fill\npr create --head apply/3 --fill\n",
    );
  });
});
