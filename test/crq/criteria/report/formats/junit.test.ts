import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { junitOf } from "../../../../../src/crq/criteria/report/formats/junit.ts";
import { markupAttribute as attribute, markupText as text } from "../../../../../src/system/markup.ts";
import { doneReport, sampleReport } from "../sample-report.ts";

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
}

/** What Python's XML parser makes of it. */
function read(xml: string): Element {
  const script = [
    "import sys, json, xml.etree.ElementTree as e",
    "t = lambda x: {'name': x.tag, 'attributes': x.attrib, 'children': [t(c) for c in x]}",
    "print(json.dumps(t(e.fromstring(sys.stdin.buffer.read()))))",
  ].join("\n");
  return JSON.parse(execFileSync("python3", ["-c", script], { input: xml, encoding: "utf8" }));
}

function suites(tree: Element) {
  return tree.children.map(({ attributes, children }) => {
    const { name, tests, failures, errors, skipped } = attributes;
    const cases = children
      .filter((child) => child.name === "testcase")
      .map((child): readonly [string, string, string] => {
        const [result] = child.children;
        const shown = result === undefined ? "passed" : `${result.name} ${result.attributes.type ?? ""}`.trim();
        return [child.attributes.name ?? "", shown, result?.attributes.message ?? ""];
      });
    return { name, tests, failures, errors, skipped, cases };
  });
}

describe("junit.xml", () => {
  test("has one case a criterion: fail and vacuous fail, the others are skipped with their reason", () => {
    const [criteria, gate] = suites(read(junitOf(sampleReport())));
    expect(criteria).toEqual({
      name: "CRQ-001",
      tests: "7",
      failures: "2",
      errors: "0",
      skipped: "4",
      cases: [
        ["AC-1: `nix build .#greet` succeeds and the program prints its version.", "passed", ""],
        ["AC-2: `nix develop` opens the `default` shell and `cargo` runs in it.", "failure fail", "it was fail"],
        [
          "AC-3: Every flake input follows the URL policy of the project.",
          "skipped",
          "waived by a person: no policy yet (waived by human:Ada until 2026-12-31; vacuous: it was vacuous)",
        ],
        [
          "AC-4: `flake.lock` matches the inputs and holds `nixpkgs`, `naersk` and `ai-ml-zk-ops`.",
          "skipped",
          "unavailable, never checked: it was unavailable",
        ],
        [
          'AC-5: `README.md` has a "Nix" section that shows `nix build .#greet` and `nix develop`.',
          "failure vacuous",
          "checks of kind doc accepted a known bad example on this machine, so their pass proves nothing",
        ],
        ["AC-6: AC-6 holds.", "skipped", "manual, never checked: a person has to answer: it was manual"],
        ["AC-7: AC-7 holds.", "skipped", "skipped, never checked: it was skipped"],
      ],
    });
    expect(gate).toEqual({
      name: "CRQ-001 gate",
      tests: "2",
      failures: "2",
      errors: "0",
      skipped: "0",
      cases: [
        [
          "canary-accepted: checks of kind doc accept a known bad example on this machine",
          "failure canary-accepted",
          "checks of kind doc accept a known bad example on this machine",
        ],
        [
          "weakening: do-check-false at flake.nix:3 weakens what is checked; a person can add a waiver for `do-check-false:flake.nix`",
          "failure weakening",
          "do-check-false at flake.nix:3 weakens what is checked; a person can add a waiver for `do-check-false:flake.nix`",
        ],
      ],
    });
  });

  test("has no suite of the gate when nothing else keeps it shut, and does not take unknown for wrong", () => {
    expect(suites(read(junitOf(doneReport()))).map(({ name }) => name)).toEqual(["CRQ-001"]);
    const failures = [{ rule: "baseline-incomplete", detail: "at the base commit AC-1.0 was unavailable: no Nix" }] as const;
    const [, gate] = suites(read(junitOf({ ...doneReport(), gate: { ok: false, failures: [...failures] } })));
    expect(gate?.cases.map(([, result]) => result)).toEqual(["skipped"]);
  });

  test("has the structure that readers of JUnit know", () => {
    const tree = read(junitOf(sampleReport()));
    const seen = new Set<string>();
    const walk = ({ name, children }: Element): void => {
      for (const child of children) {
        seen.add(`${name} > ${child.name}`);
        walk(child);
      }
    };
    walk(tree);
    expect(tree.name).toBe("testsuites");
    expect([...seen].sort()).toEqual([
      "properties > property",
      "testcase > failure",
      "testcase > skipped",
      "testsuite > properties",
      "testsuite > testcase",
      "testsuites > testsuite",
    ]);
  });

  test("is read by an XML parser, whatever programs printed", () => {
    const report = sampleReport();
    const hostile = 'a<b>&"\u0000\u001b[31m\u0008]]>\ud800\ufffe\n\t\r é😀';
    const criteria = report.criteria.map((one) => ({ ...one, text: hostile, reason: hostile }));
    const [suite] = suites(read(junitOf({ ...report, criteria })));
    const kept = 'a<b>&"[31m]]>\n\t\r é😀';
    expect(suite?.cases.filter(([, result]) => result.startsWith("failure")).map(([, , message]) => message)).toEqual([
      kept,
      kept,
    ]);
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
