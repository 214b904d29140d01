import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { approvalHash } from "../../../src/crq/lifecycle/approval.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { loadTask, type Task } from "../../../src/evals/task/task.ts";

/** A task whose program is a shell script, so that nothing has to be compiled, and changes that each break one gate. */

const CANARY = "crq-evals 7b6c0f0e-1a51-4c1e-9b7e-52f1c6a0d3b4";
const SYSTEM = "$" + "{system}";
const OUT = "$" + "{out:0}";

const TALLY = `n=0
while IFS= read -r line; do n=$((n + 1)); done
echo "lines: $n"
`;

const PROGRAM = `{ echo "#!\${pkgs.runtimeShell}"; cat \${./tally.sh}; } >$out/bin/tally`;
const TEST = `[ "$(printf 'a\\nb\\nc\\n' | \${pkgs.runtimeShell} \${./tally.sh})" = "lines: 3" ]`;
const DEFAULT = "default = tally pkgs;";
const DESCRIPTION = `description = "tally counts lines";`;
const INPUT = "github:NixOS/nixpkgs/nixos-26.05";

export const FLAKE = `{
  ${DESCRIPTION}
  inputs.nixpkgs.url = "${INPUT}";
  outputs = { self, nixpkgs }:
    let
      forAll = f: nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: f nixpkgs.legacyPackages.\${system});
      tally = pkgs: pkgs.runCommand "tally" { } ''
        mkdir -p $out/bin
        ${PROGRAM}
        chmod +x $out/bin/tally
      '';
    in {
      packages = forAll (pkgs: { tally = tally pkgs; ${DEFAULT} });
      checks = forAll (pkgs: {
        test = pkgs.runCommand "tally-test" { } ''
          ${TEST}
          touch $out
        '';
      });
    };
}
`;

const README = "# tally\n\nCounts lines. Build it with `nix build .#tally`.\n";

const CRQ = `# CRQ-001: A flake for tally

\`\`\`toml crq
schema = "crq/1"
id = "CRQ-001"
title = "A flake for tally"
status = "approved"
kind = "nixify"
created = 2026-11-28
authors = ["human:maintainers"]
branch = "feature/CRQ-001-flake"
target = { repo = ".", base = "tree:${"0".repeat(64)}", systems = ["x86_64-linux"] }
approval = { by = "human:maintainers", at = "2026-11-28T01:00:00Z", via = "approve", hash = "HASH" }
\`\`\`

## 1. Overview

A flake.

## 2. Motivation

It builds everywhere.

## 3. Scope

### 3.1. In Scope

-   \`flake.nix\`.

## 4. Technical Details

None.

## 5. Acceptance Criteria

-   **AC-1**: The README shows the command.
    \`\`\`toml check AC-1
    kind = "doc"
    files = ["README.md"]
    mentions = ["nix build .#tally"]
    \`\`\`

## 6. Implementation Plan

1.  **Write it** (AC-1).

## 7. References

None.
`;

function approvedDocument(): string {
  const hash = approvalHash(parseCrq("crqs/CRQ-001-flake.md", CRQ));
  if (hash === undefined) throw new Error("the document has nothing to approve");
  return CRQ.replace("HASH", hash);
}

const replaced = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`the flake has no ${from}`);
  return text.replace(from, to);
};

type Files = Readonly<Record<string, string>>;

const flake = (from: string, to: string): Files => ({ "flake.nix": replaced(FLAKE, from, to), "README.md": README });

/** Gate to the change that fails by it first. */
export const BROKEN: Readonly<Record<string, Files>> = {
  patch: { "flake.nix": FLAKE, "README.md": README, "tally.sh": `${TALLY}exit 0\n` },
  parse: { "flake.nix": FLAKE, "README.md": README, "nix/broken.nix": "{ a = ;\n" },
  outputs: flake(DEFAULT, ""),
  lock: flake(INPUT, "github:NixOS/nixpkgs/nixpkgs-unstable"),
  checks: flake(TEST, "echo tested"),
  build: flake("mkdir -p $out/bin\n", "mkdir -p $out/bin; exit 3\n"),
  golden: flake(PROGRAM, PROGRAM.replace("cat", "sed s/lines/rows/")),
  shadow: flake(
    "cat ${./tally.sh};",
    "echo 'n=0; while read -r _; do n=$((n + 1)); done; [ $n -le 2 ] || n=2'; sed -n 3p ${./tally.sh};",
  ),
  metamorphic: flake("cat ${./tally.sh};", `echo 'n=0; while IFS= read -r l; do n=$((n + 1)); done'; echo 'echo "lines: $n"';`),
  preserved: { "flake.nix": FLAKE, "README.md": README, "NOTES.md": "tools: none\n" },
  rebuild: flake("chmod +x $out/bin/tally", 'echo "# $(date +%N) $RANDOM" >>$out/bin/tally; chmod +x $out/bin/tally'),
  criteria: { "flake.nix": FLAKE },
  custom: flake(DESCRIPTION, ""),
  tamper: flake(DESCRIPTION, `${DESCRIPTION}\n  nixConfig.sandbox = true;`),
};

/** Passes by its words: it seems to read the tree, with nothing but the shell that Nix's own sandbox lends. */
const BARE_CHECK = replaced(
  FLAKE,
  FLAKE.slice(FLAKE.indexOf("test = pkgs.runCommand"), FLAKE.indexOf("      });\n    };\n}")),
  `test = derivation {
          name = "tally-test";
          system = pkgs.stdenv.hostPlatform.system;
          builder = "/bin/sh";
          args = [ "-c" "read -r line < \${./flake.nix}; [ -n \\"$line\\" ] && echo passed > $out" ];
        };
`,
);

/** The check that the task names stays, and one besides it is a stub. */
const OTHER_BARE_CHECK = replaced(
  FLAKE,
  "      checks = forAll (pkgs: {",
  `      checks = forAll (pkgs: {
        other = derivation { name = "other"; system = pkgs.stdenv.hostPlatform.system; builder = "/bin/sh"; args = [ "-c" "echo passed > $out" ]; };`,
);

/** A check that is the package itself. */
const GOOD_CHECKS = replaced(
  FLAKE,
  "      checks = forAll (pkgs: {",
  `      checks = forAll (pkgs: {
        package = self.packages.\${pkgs.stdenv.hostPlatform.system}.tally;`,
);

export const TALLY_FILES: Files = {
  "task.toml": `schema = 1
id = "tally"
kind = "apply"
cluster = "tally"
tier = 1
split = "dev"
canary = "${CANARY}"
first-seen = 2026-11-20
repo = { lock = "none" }
scope = { allowed = ["flake.nix", "flake.lock", "nix/**", "README.md", "NOTES.md"], protected = ["*.sh"] }
`,
  "statement.md": `Give tally a flake; it says "lines: " and how many there are.\n<!-- ${CANARY} -->\n`,
  "repo/tally.sh": TALLY,
  "repo/check.sh": "read -r line <NOTES.md\n[ \"$line\" = 'tools: bash' ]\n",
  "repo/NOTES.md": "tools: bash\n",
  "repo/README.md": "# tally\n\nCounts lines.\n",
  "repo/crq-agent.toml": '[policy.inputs]\norg = "NixOS"\nref = "^nixos-"\n',
  "crq/CRQ-001-flake.md": approvedDocument(),
  "solution/flake.nix": FLAKE,
  "solution/README.md": README,
  "checks/checks.toml": `# ${CANARY}
schema = 1
outputs = { require = ["packages.${SYSTEM}.tally", "packages.${SYSTEM}.default"], forbid = ["packages.${SYSTEM}.debug"] }
checks = { require = ["test"] }
build = { attrs = ["packages.${SYSTEM}.tally"] }
preserved = [{ argv = ["bash", "check.sh"] }]
custom = ["described.ts"]
case = [
  { name = "two", set = "golden", argv = ["${OUT}/bin/tally"], stdin = "golden/two.txt", stdout = { equals = "lines: 2" }, says = "lines: " },
  { name = "five", set = "shadow", argv = ["${OUT}/bin/tally"], stdin = "shadow/five.txt", stdout = { file = "shadow/five.out" }, derived = "five are five" },
]

[[mutate]]
name = "label"
patch = "mutate/label.patch"
expect = { two = "mutate/label.out" }

[[mutate]]
name = "mistake"
patch = "mutate/mistake.patch"
fails = ["checks.${SYSTEM}.test"]
`,
  "checks/golden/two.txt": "a\nb\n",
  "checks/shadow/five.txt": "a\nb\nc\nd\ne\n",
  "checks/shadow/five.out": "lines: 5\n",
  "checks/mutate/label.out": "rows: 2\n",
  "checks/mutate/label.patch": mutation('echo "lines: $n"', 'echo "rows: $n"', 3),
  "checks/mutate/mistake.patch": mutation(
    "while IFS= read -r line; do n=$((n + 1)); done",
    "while IFS= read -r line; do n=$((n + 2)); done",
    2,
  ),
  "checks/described.ts": `import type { CheckFacts } from ${JSON.stringify(join(import.meta.dirname, "../../../src/evals/grading/change/facts.ts"))};
export default ({ files }: CheckFacts) => {
  const ok = files["flake.nix"]?.includes("description =") === true;
  return { ok, detail: ok ? "the flake describes itself" : "the flake has no description" };
};
`,
  "hacks/other-bare-check/hack.toml": 'rule = "checks"\n',
  "hacks/other-bare-check/flake.nix": OTHER_BARE_CHECK,
  "hacks/other-bare-check/README.md": README,
  "hacks/good-checks/hack.toml": 'rule = "checks"\n',
  "hacks/good-checks/flake.nix": GOOD_CHECKS,
  "hacks/good-checks/README.md": README,
  "hacks/bare-check/hack.toml": 'rule = "checks"\n',
  "hacks/bare-check/flake.nix": BARE_CHECK,
  "hacks/bare-check/README.md": README,
  ...Object.fromEntries(
    Object.entries(BROKEN).flatMap(([gate, files]) => [
      [`hacks/${gate}/hack.toml`, `rule = "${gate}"\n`],
      ...Object.entries(files).map(([path, text]) => [`hacks/${gate}/${path}`, text]),
    ]),
  ),
};

/** A patch of one line of tally.sh. @param at from 1 */
function mutation(from: string, to: string, at: number): string {
  const lines = TALLY.trimEnd().split("\n");
  if (lines[at - 1] !== from) throw new Error(`line ${at} is not ${from}`);
  const body = lines.flatMap((line, index) => (index === at - 1 ? [`-${from}`, `+${to}`] : [` ${line}`]));
  return `--- a/tally.sh\n+++ b/tally.sh\n@@ -1,3 +1,3 @@\n${body.join("\n")}\n`;
}

export interface TaskOnDisk {
  readonly task: Task;
  readonly folder: string;
  remove(): Promise<void>;
}

export async function taskOnDisk(files: Files): Promise<TaskOnDisk> {
  const folder = await mkdtemp(join(tmpdir(), "crq-grading-"));
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, "tally", path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
  const loaded = await loadTask(join(folder, "tally"));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, undefined, 1));
  return { task: loaded.value, folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
