import { execFile } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { lacking } from "../host-tools.ts";
import { type Place, place } from "../place.ts";
import { crqText, NOTE_PROJECT } from "../samples.ts";
import { PACKAGE_ROOT } from "../world.ts";

/** The scripts in the shells that they are for: what is offered at the end of a line. */

const run = promisify(execFile);

interface Shell {
  readonly at: Place;
  readonly repo: string;
  /** What is offered for a line whose last word is being written. */
  offered(line: string): Promise<readonly string[]>;
}

/** A repository with one CRQ whose file name would do harm if a shell expanded it, and the program under its name. */
async function shell(name: "bash" | "zsh" | "fish", asking: (script: string, words: readonly string[]) => readonly string[]) {
  const at = await place();
  const repo = await at.repository({
    ...NOTE_PROJECT,
    "crqs/CRQ-001-say-welcome.md": crqText(),
    "crqs/CRQ-002-$(touch harm).md": crqText({ id: "CRQ-002" }),
  });
  const bin = join(at.folder, "bin");
  await mkdir(bin);
  const program = join(bin, "crq-agent");
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${join(PACKAGE_ROOT, "src", "bin.ts")}' "$@"\n`);
  await chmod(program, 0o755);
  const made = await at.run(["completion", name]);
  expect(made).toMatchObject({ exit: 0, stderr: "" });
  const script = join(at.home, `completion.${name}`);
  await writeFile(script, made.stdout);
  const started: Shell = {
    at,
    repo,
    async offered(line) {
      const [file = "", ...args] = asking(script, line.split(" "));
      const { stdout, stderr } = await run(file, args, {
        cwd: repo,
        env: { ...at.environment, PATH: `${bin}:${process.env.PATH}` } as NodeJS.ProcessEnv,
      });
      expect(stderr).toBe("");
      return stdout
        .split("\n")
        .filter((word) => word !== "")
        .map((word) => word.split(/[\t:]/u)[0] ?? "")
        .sort();
    },
  };
  return started;
}

const inBash = (script: string, words: readonly string[]): readonly string[] => [
  "bash",
  "--norc",
  "--noprofile",
  "-c",
  'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _crq_agent; printf "%s\\n" "${COMPREPLY[@]}"',
  "bash",
  script,
  ...words,
];

/** What the completion system is told, by functions of its names that print it. */
const inZsh = (script: string, words: readonly string[]): readonly string[] => [
  "zsh",
  "-f",
  "-c",
  'compdef() { : }; compadd() { shift; print -l -- "$@" }; _describe() { print -l -- "${(@P)2}" }; _files() { print files }; source "$1"; shift; words=("$@"); CURRENT=$#; _crq_agent',
  "zsh",
  script,
  ...words,
];

const inFish = (script: string, words: readonly string[]): readonly string[] => [
  "fish",
  "--no-config",
  "-c",
  'source $argv[1]; complete -C "$argv[2]"',
  script,
  words.join(" "),
];

describe("completion", () => {
  it("in bash: verbs, verbs below them, options, choices, ids, folders, and the person's own command after --", async () => {
    const { offered, repo } = await shell("bash", inBash);
    expect(await offered("crq-agent ap")).toEqual(["apply", "approve"]);
    expect(await offered("crq-agent evals re")).toEqual(["report"]);
    expect(await offered("crq-agent evals world s")).toEqual(["seal", "serve", "show"]);
    expect(await offered("crq-agent lint --pro")).toEqual(["--profile"]);
    expect(await offered("crq-agent lint --profile s")).toEqual(["standard", "strict"]);
    expect(await offered("crq-agent verify ")).toEqual(["CRQ-001", "CRQ-002"]);
    expect(await offered(`crq-agent verify --repo ${repo}/.. `)).toEqual([]);
    expect(await offered("crq-agent verify --repo c")).toEqual(["crqs"]);
    expect(await offered("crq-agent help exit")).toEqual(["exit-codes"]);
    expect(await offered("crq-agent completion f")).toEqual(["fish"]);
    expect(await offered("crq-agent draft --model r")).toEqual(["rules"]);
    // A word that is no verb of this place changes nothing.
    expect(await offered("crq-agent show apply --sec")).toEqual(["--section"]);
    expect(await offered("crq-agent steps record -- cr")).toEqual(["crqs"]);
  }, 120_000);

  it.skipIf(lacking("zsh") !== undefined)(
    "in zsh",
    async () => {
      const { offered } = await shell("zsh", inZsh);
      expect(await offered("crq-agent evals world ")).toEqual(["check", "record", "seal", "serve", "show"]);
      expect(await offered("crq-agent lint --profile ")).toEqual(["import", "standard", "strict"]);
      expect(await offered("crq-agent verify ")).toEqual(["CRQ-001", "CRQ-002"]);
      expect(await offered("crq-agent verify --repo ")).toEqual(["files"]);
    },
    120_000,
  );

  it.skipIf(lacking("fish") !== undefined)(
    "in fish",
    async () => {
      const { offered } = await shell("fish", inFish);
      expect(await offered("crq-agent ap")).toEqual(["apply", "approve"]);
      expect(await offered("crq-agent evals world s")).toEqual(["seal", "serve", "show"]);
      expect(await offered("crq-agent lint --profile s")).toEqual(["standard", "strict"]);
      expect(await offered("crq-agent verify CRQ")).toEqual(["CRQ-001", "CRQ-002"]);
      expect(await offered("crq-agent lint --pro")).toEqual(["--profile"]);
    },
    120_000,
  );

  it("names nothing where there is nothing to name, and says nothing", async () => {
    const at = await place();
    expect(await at.run(["__complete", "sessions", "/nowhere"])).toEqual({ exit: 0, signal: null, stdout: "", stderr: "" });
  });
});
