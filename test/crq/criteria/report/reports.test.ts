import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { describe, expect, test } from "vitest";
import { markdownText } from "../../../../src/crq/criteria/judge/markdown-text.ts";
import { outcomesOf } from "../../../../src/crq/criteria/outcomes.ts";
import { buildReport } from "../../../../src/crq/criteria/report/build-report.ts";
import { type CrqReport, reportJsonSchema, reportSchema } from "../../../../src/crq/criteria/report/evidence.ts";
import { attribute, junitOf, text } from "../../../../src/crq/criteria/report/formats/junit.ts";
import { markdownOf } from "../../../../src/crq/criteria/report/formats/markdown.ts";
import { parseCrq } from "../../../../src/crq/parse.ts";
import { EXAMPLE, EXAMPLE_PATH } from "../../fixtures/example.ts";
import { baselineOf, observed, runOf } from "../samples.ts";

const crq = parseCrq(EXAMPLE_PATH, EXAMPLE);

/** A report with one criterion of each verdict that the example's five can have. */
function sample(): CrqReport {
  const [first, ...rest] = crq.criteria;
  if (!first) throw new Error("the example has criteria");
  const seen = [observed("fail", "exit"), observed("vacuous", "stub"), observed("unavailable", "no-nix"), observed("pass")];
  const run = runOf([
    [first, [observed("pass"), observed("pass")]],
    ...rest.map((one, at) => [one, [seen[at] ?? observed("pass")]] as const),
  ]);
  const baseline = baselineOf([
    ["AC-1.0", "nix-build", "fail", "no-flake"],
    ["AC-1.1", "run", "skipped", "prerequisite"],
  ]);
  const waivers = [{ ac: "AC-3", reason: "no policy yet", by: "human:Ada", until: "2026-12-31" }];
  return buildReport({
    crq,
    hash: "sha256:00",
    subject: { repo: "greet", base: "5f0c1d7e", tree: "abcd", dirty: true, untracked: ["notes.txt"], lockSha256: "1".repeat(64) },
    env: {
      crqAgent: "crq-agent@0.1.0",
      nix: "2.26.3",
      world: "small sha256:00",
      system: "x86_64-linux",
      network: false,
      unsafeLocal: true,
    },
    run,
    outcomes: outcomesOf({ run, baseline, acceptedCanaries: new Set(["doc"]), waivers, today: "2026-11-20" }),
    baseline,
    canaries: [{ kind: "doc", verdict: "pass", accepted: true }],
    weakenings: [{ pattern: "do-check-false", file: "flake.nix", line: 3, waived: false }],
    unrequested: ["src/main.rs"],
    tampering: [],
    changes: { "AC-1": { files: ["flake.nix"], commits: ["1234567"] } },
  });
}

describe("crq-report/1", () => {
  test("holds for each criterion what was checked, before and after", () => {
    const report = sample();
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.totals).toEqual({
      pass: 1,
      fail: 1,
      vacuous: 1,
      unavailable: 1,
      skipped: 0,
      waived: 1,
      manual: 0,
      criteria: 5,
    });
    expect(report.criteria[0]).toEqual({
      id: "AC-1",
      textHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      text: crq.criteria[0]?.text,
      verdict: "pass",
      tier: "build",
      reason: "it was pass",
      baseline: { verdict: "fail", reason: "it was fail (no-flake)" },
      steps: [1],
      changedFiles: ["flake.nix"],
      commits: ["1234567"],
      checks: [
        expect.objectContaining({
          index: 0,
          kind: "nix-build",
          verdict: "pass",
          code: "met",
          counts: { candidates: 1, checked: 1 },
        }),
        expect.objectContaining({ index: 1, kind: "run", log: { path: "logs/AC-1.1.txt", sha256: "0".repeat(64), bytes: 0 } }),
      ],
    });
    expect(report.gate).toEqual({
      ok: false,
      failures: [
        { rule: "criterion", detail: "fail: it was fail", ac: "AC-2" },
        { rule: "criterion", detail: "unavailable: it was unavailable", ac: "AC-4" },
        {
          rule: "criterion",
          detail: "vacuous: checks of kind doc accepted a known bad example on this machine, so their pass proves nothing",
          ac: "AC-5",
        },
        { rule: "canary-accepted", detail: "checks of kind doc accept a known bad example on this machine" },
        { rule: "weakening", detail: "do-check-false at flake.nix:3 weakens what is checked; a person can add a waiver" },
      ],
    });
  });

  test("its text hash changes with prose and checks", () => {
    const [first] = crq.criteria;
    if (!first) throw new Error("the example has criteria");
    const hash = (change: object): string | undefined => {
      const run = runOf([[{ ...first, ...change }, [observed("pass"), observed("pass")]]]);
      const outcomes = outcomesOf({ run, baseline: undefined, acceptedCanaries: new Set(), waivers: [], today: "2026-11-20" });
      const { subject, env } = sample();
      return buildReport({
        crq,
        hash: undefined,
        subject,
        env,
        run,
        outcomes,
        baseline: undefined,
        canaries: [],
        weakenings: [],
        unrequested: [],
        tampering: [],
      }).criteria[0]?.textHash;
    };
    expect(new Set([hash({}), hash({ text: "other" }), hash({ need: "any" })]).size).toBe(3);
    expect(hash({})).toBe(hash({}));
  });

  test("is published as a JSON Schema", () => {
    const file = new URL("../../../../docs/reference/crq-report-1.schema.json", import.meta.url);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(reportJsonSchema());
  });
});

describe("report.md", () => {
  test("says for each criterion whether it was checked and clean or never checked", () => {
    const markdown = markdownOf(sample());
    expect(markdown.split("\n").filter((line) => line.startsWith("| AC-") || line.startsWith("### "))).toEqual([
      "| AC-1 | pass (build) | checked and clean | fail |",
      "| AC-2 | fail (build) | checked, does not hold | skipped |",
      "| AC-3 | waived (build) | waived by a person | skipped |",
      "| AC-4 | unavailable (build) | never checked | skipped |",
      "| AC-5 | vacuous (build) | checked, but the check proves nothing | skipped |",
      "### AC-1: checked and clean",
      "### AC-2: checked, does not hold",
      "### AC-3: waived by a person",
      "### AC-4: never checked",
      "### AC-5: checked, but the check proves nothing",
    ]);
    expect(markdown).toContain("**Not done**: 1 of 5 criteria pass.");
    expect(markdown).toContain("- **unsafe**: programs that the change built may have run without confinement");
    expect(markdown).toContain("- `src/main.rs`");
    expect(markdown).toContain("\n`nix build .#greet` succeeds and the program prints its version.\n");
    expect(markdown).toContain("- crq-agent@0.1.0, Nix 2.26.3, x86\\_64-linux, inputs: small sha256:00");
  });

  test("says done when it is done", () => {
    const report = sample();
    const done = { ...report, gate: { ok: true, failures: [] }, totals: { ...report.totals, pass: 4, waived: 1 } };
    expect(markdownOf(done)).toContain("**Done**: all 5 criteria hold (1 waived).");
  });

  test.each([
    "# Done",
    "- AC-9: pass",
    "1. pass",
    "```\n# Done\n```",
    "| AC-9 | pass |",
    "> quoted",
    "~~~",
    "===",
    "<h1>Done</h1>",
  ])("a criterion that reads %j starts no block", (text) => {
    const blocks = (markdown: string): string[] =>
      unified()
        .use(remarkParse)
        .use(remarkGfm)
        .parse(markdown)
        .children.map((node) => node.type);
    const report = sample();
    const changed = markdownOf({ ...report, criteria: report.criteria.map((one) => ({ ...one, text })) });
    expect(blocks(changed)).toEqual(blocks(markdownOf(report)));
    expect(blocks(changed)).not.toContain("html");
  });

  test("text of programs cannot become a heading, a table cell or markup", () => {
    const hostile = "boom\n# Done\n| AC-9 | pass |\n**all pass** <b>x</b> [link](y) `code`";
    const report = sample();
    const criteria = report.criteria.map((one) => ({
      ...one,
      text: hostile,
      checks: one.checks.map((check) => ({ ...check, reason: hostile, argv: ["x", "a`b``c|d\n# e"] })),
    }));
    const markdown = markdownOf({ ...report, criteria, unrequested: ["a`|b\n# c"] });
    expect(markdownText(markdown).headings).toEqual(markdownText(markdownOf(report)).headings);
    expect(markdown.split("\n").filter((line) => line.startsWith("| AC-")).length).toBe(5);
  });
});

describe("junit.xml", () => {
  test("has one case a criterion: fail and vacuous fail, the others are skipped with their reason", () => {
    const xml = junitOf(sample());
    expect(
      xml
        .split("\n")
        .filter((line) => /<testsuite |<skipped|<failure|<testcase/.test(line))
        .map((line) => line.trim().replace(/ time="[^"]*"/, "")),
    ).toEqual([
      '<testsuite name="CRQ-001" tests="5" failures="2" errors="0" skipped="2">',
      '<testcase classname="CRQ-001" name="AC-1: `nix build .#greet` succeeds and the program prints its version."/>',
      '<testcase classname="CRQ-001" name="AC-2: `nix develop` opens the `default` shell and `cargo` runs in it.">',
      '<failure type="fail" message="it was fail">AC-2.0 dev-shell: fail: it was fail (logs/AC-2.0.txt)</failure>',
      '<testcase classname="CRQ-001" name="AC-3: Every flake input follows the URL policy of the project.">',
      '<skipped message="waived: no policy yet (waived by human:Ada until 2026-12-31; vacuous: it was vacuous)"/>',
      '<testcase classname="CRQ-001" name="AC-4: `flake.lock` matches the inputs and holds `nixpkgs`, `naersk` and `ai-ml-zk-ops`.">',
      '<skipped message="unavailable: it was unavailable"/>',
      '<testcase classname="CRQ-001" name="AC-5: `README.md` has a &quot;Nix&quot; section that shows `nix build .#greet` and `nix develop`.">',
      '<failure type="vacuous" message="checks of kind doc accepted a known bad example on this machine, so their pass proves nothing">' +
        "AC-5.0 doc: vacuous: checks of kind doc accepted a known bad example on this machine, so their pass proves nothing (logs/AC-5.0.txt)</failure>",
    ]);
  });

  test("is read by an XML parser, whatever programs printed", () => {
    const report = sample();
    const hostile = 'a<b>&"\u0000\u001b[31m\u0008]]>\ud800\ufffe\n\t\r é😀';
    const criteria = report.criteria.map((one) => ({ ...one, text: hostile, reason: hostile }));
    const script = [
      "import sys, xml.dom.minidom as m, json",
      "d = m.parseString(sys.stdin.buffer.read())",
      "print(json.dumps([c.getAttribute('message') for c in d.getElementsByTagName('failure')]))",
    ].join("\n");
    const read: unknown = JSON.parse(
      execFileSync("python3", ["-c", script], { input: junitOf({ ...report, criteria }), encoding: "utf8" }),
    );
    const kept = 'a<b>&"[31m]]>\n\t\r é😀';
    expect(read).toEqual([kept, kept]);
  });

  test("escaped text holds no markup and no character that XML does not know", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (raw) => {
        expect(text(raw)).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|#13;)/);
        expect(attribute(raw)).not.toMatch(/["\n\t\r<>]/);
        expect(text(raw).isWellFormed()).toBe(true);
      }),
    );
  });
});
