import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { baselineKey, runBaseline } from "../../../src/crq/criteria/baseline.ts";
import { runCanaries } from "../../../src/crq/criteria/canaries/run-canaries.ts";
import { outcomesOf } from "../../../src/crq/criteria/outcomes.ts";
import { buildReport } from "../../../src/crq/criteria/report/build-report.ts";
import { unrequestedPaths } from "../../../src/crq/criteria/report/changes/explained.ts";
import { type CrqReport, reportSchema } from "../../../src/crq/criteria/report/evidence.ts";
import { reportExitCode } from "../../../src/crq/criteria/report/gate.ts";
import { describeSubject } from "../../../src/crq/criteria/report/subject.ts";
import { runAcceptance } from "../../../src/crq/criteria/runner.ts";
import { openTarget } from "../../../src/crq/criteria/target.ts";
import { approvalHash } from "../../../src/crq/lifecycle/approval.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { printingProgram, shDerivation, treeFlake } from "./flakes.ts";
import { change, type FileContent, type RealPlace, realPlace, repository } from "./real-environment.ts";

/** The whole way from a document to a report, with a real Nix: baseline, checks, canaries, gate. */

let place: RealPlace;
beforeAll(async () => {
  place = await realPlace();
});
afterAll(() => place.remove());

const SOURCE = `# CRQ-001: Nixification of greet

\`\`\`toml crq
schema = "crq/1"
id = "CRQ-001"
title = "Nixification of greet"
status = "proposed"
kind = "nixify"
created = 2026-11-20
authors = ["human:Ada"]
branch = "feature/CRQ-001-nixify-greet"
target = { repo = ".", base = "0000000", systems = ["x86_64-linux"] }
\`\`\`
## 1. Overview
Greet gets a flake.
## 2. Motivation
So that every machine builds the same.
## 3. Scope
### 3.1. In Scope
-   \`flake.nix\`, \`README.md\` and \`tree/\`.
### 3.2. Out of Scope
-   Everything else.
## 4. Technical Details
None.
## 5. Acceptance Criteria
-   **AC-1**: The package builds and prints its version.
    \`\`\`toml check AC-1
    [[check]]
    kind = "nix-build"
    attr = "packages.\${system}.greet"
    files = ["bin/greet"]
    [[check]]
    kind = "run"
    argv = ["\${out:AC-1.0}/bin/greet", "--version"]
    stdout = { regex = '^greet \\d+\\.\\d+\\.\\d+$' }
    \`\`\`
-   **AC-2**: The README shows how to build it.
    \`\`\`toml check AC-2
    kind = "doc"
    files = ["README.md"]
    headings = ["Nix"]
    mentions = ["nix build .#greet"]
    \`\`\`
-   **AC-3**: The licence stays.
    \`\`\`toml check AC-3
    kind = "file"
    path = "LICENSE"
    regex = "Apache"
    regression = true
    \`\`\`
## 6. Implementation Plan
1.  **Write the flake** (AC-1).
2.  **Document it** (AC-2, AC-3).
## 7. References
None.
`;

const BASE = { "README.md": "# Greet\n", LICENSE: "Apache License\n" };
const DONE: Readonly<Record<string, FileContent>> = {
  "flake.nix": treeFlake(),
  "tree/bin/greet": printingProgram("greet 1.0.0\n"),
  "README.md": "# Greet\n\n## Nix\n\n`nix build .#greet`\n",
};

async function accept(
  source: string,
  base: Readonly<Record<string, FileContent>>,
  changed: Readonly<Record<string, FileContent>>,
): Promise<CrqReport> {
  const folder = mkdtempSync(join(place.folder, "acceptance-"));
  const crq = parseCrq("crqs/CRQ-001-nixify-greet.md", source);
  expect(crq.problems).toEqual([]);
  const before = repository(join(folder, "base"), base);
  const options = { crq, nix: place.nix, environment: place.environment, now: new Date("2026-11-20T12:00:00Z") };
  const key = baselineKey({
    criteria: approvalHash(crq) ?? "",
    base: before.base,
    nix: place.nix.version,
    world: "small",
    unsafeLocal: false,
    agent: "crq-agent@0.1.0",
    policy: undefined,
  });
  const { baseline } = await runBaseline({ ...options, target: before, folder: join(folder, "baseline") }, key);

  const after = repository(join(folder, "changed"), base);
  change(after.directory, changed);
  const run = await runAcceptance({ ...options, target: after, folder: join(folder, "verify") });
  const kinds = crq.criteria.flatMap((criterion) => criterion.checks.map((check) => check.kind));
  const canaries = await runCanaries({ ...place, version: "0.1.0", kinds, cacheFile: join(place.folder, "canaries.json") });
  const target = await openTarget(after);
  const report = buildReport({
    crq,
    hash: approvalHash(crq),
    subject: await describeSubject(target, "greet", "crqs"),
    env: { crqAgent: "0.1.0", nix: place.nix.version, world: "small", system: run.system, network: false, unsafeLocal: false },
    run,
    outcomes: outcomesOf({ run, baseline, acceptedCanaries: new Set(), waivers: [], today: "2026-11-20" }),
    baseline,
    canaries: canaries.map(({ kind, verdict, accepted }) => ({ kind, verdict, accepted })),
    weakenings: [],
    unrequested: unrequestedPaths(crq, await target.changed(), "crqs"),
    tampering: [],
    changes: {},
  });
  return reportSchema.parse(report);
}

const summary = (report: CrqReport): unknown => ({
  criteria: report.criteria.map(({ id, verdict, baseline }) => [id, baseline?.verdict, verdict]),
  rules: report.gate.failures.map(({ rule, ac }) => (ac === undefined ? rule : `${rule} ${ac}`)),
  exit: reportExitCode(report),
  unrequested: report.unrequested,
});

describe("a change is accepted", () => {
  test("when everything was red and is green, and what was green stayed so", async () => {
    expect(summary(await accept(SOURCE, BASE, DONE))).toEqual({
      criteria: [
        ["AC-1", "fail", "pass"],
        ["AC-2", "fail", "pass"],
        ["AC-3", "pass", "pass"],
      ],
      rules: [],
      exit: 0,
      unrequested: [],
    });
  });
});

describe("a change is not accepted", () => {
  test("when nothing changed", async () => {
    expect(summary(await accept(SOURCE, BASE, {}))).toEqual({
      criteria: [
        ["AC-1", "fail", "fail"],
        ["AC-2", "fail", "fail"],
        ["AC-3", "pass", "pass"],
      ],
      rules: ["criterion AC-1", "criterion AC-2"],
      exit: 1,
      unrequested: [],
    });
  });

  test("when the program does something else, or an old promise is broken", async () => {
    const changed = { ...DONE, "tree/bin/greet": printingProgram("hello\n"), LICENSE: "All rights reserved\n" };
    expect(summary(await accept(SOURCE, BASE, changed))).toEqual({
      criteria: [
        ["AC-1", "fail", "fail"],
        ["AC-2", "fail", "pass"],
        ["AC-3", "pass", "fail"],
      ],
      rules: ["criterion AC-1", "criterion AC-3"],
      exit: 1,
      unrequested: [],
    });
  });

  test("when it was true before already", async () => {
    const { "README.md": _, ...flake } = DONE;
    expect(summary(await accept(SOURCE, { ...BASE, ...flake }, { "README.md": DONE["README.md"] ?? "" }))).toEqual({
      criteria: [
        ["AC-1", "pass", "vacuous"],
        ["AC-2", "fail", "pass"],
        ["AC-3", "pass", "pass"],
      ],
      rules: ["criterion AC-1", "nothing-red-at-base"],
      exit: 1,
      unrequested: [],
    });
  });

  test("when the package is empty; and files nobody asked for are named", async () => {
    const empty = `{ outputs = { self }: { packages.x86_64-linux.greet = ${shDerivation("greet", ": > $out")}; }; }\n`;
    const source = SOURCE.replace('    files = ["bin/greet"]\n', "");
    expect(summary(await accept(source, BASE, { ...DONE, "flake.nix": empty, "src/main.rs": "fn main() {}\n" }))).toEqual({
      criteria: [
        ["AC-1", "fail", "vacuous"],
        ["AC-2", "fail", "pass"],
        ["AC-3", "pass", "pass"],
      ],
      rules: ["criterion AC-1"],
      exit: 1,
      unrequested: ["src/main.rs"],
    });
  });

  test("when a person has to answer", async () => {
    const source = SOURCE.replace(
      'kind = "file"\n    path = "LICENSE"\n    regex = "Apache"\n    regression = true',
      'kind = "manual"\n    ask = "Does it look right?"\n    who = "Ada"',
    );
    expect(summary(await accept(source, BASE, DONE))).toEqual({
      criteria: [
        ["AC-1", "fail", "pass"],
        ["AC-2", "fail", "pass"],
        ["AC-3", "manual", "manual"],
      ],
      rules: ["criterion AC-3"],
      exit: 4,
      unrequested: [],
    });
  });
});
