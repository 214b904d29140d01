import { expect, it } from "vitest";
import { stepProblems } from "../../../src/repo/steps/problems.ts";
import type { StepRecord } from "../../../src/repo/steps/records.ts";

const compile: StepRecord = {
  place: "s.jsonl:1",
  form: "current",
  seq: 1,
  id: "step-0001-cc-a.o",
  type: "c_compiler_invocation",
  command: "cc",
  tool: "cc",
  args: ["-c", "a.c"],
  env: {},
  cwd: "@source@",
  inputs: [{ path: "@source@/a.c", sha256: "00" }],
  outputs: ["@build@/a.o"],
  depends: [],
  exit: 0,
};
const link: StepRecord = {
  ...compile,
  place: "s.jsonl:2",
  seq: 2,
  id: "step-0002-cc-a",
  args: ["-o", "a", "a.o"],
  inputs: [{ path: "@build@/a.o", sha256: "01" }],
  outputs: ["@build@/a"],
  depends: ["step-0001-cc-a.o"],
};
const problems = (...records: readonly StepRecord[]): readonly string[] =>
  stepProblems(records).map(({ place, message }) => `${place} ${message}`.trim());

it("finds nothing in records that fit together, and nothing in none at all: whoever needs some counts them", () => {
  expect(problems(compile, link)).toEqual([]);
  expect(problems(compile, { ...link, exit: null, outputs: [] })).toEqual([]);
  expect(problems()).toEqual([]);
});

const STUB = (word: string) => `s.jsonl:1 "step-0001-cc-a.o" is a stub: ${word} builds nothing; record the real command`;
const MACHINE = (path: string) =>
  `s.jsonl:1 "step-0001-cc-a.o" names a path of one machine (${path}); move that file below the project, or give its folder with --source or --build`;

it.each<readonly [what: string, records: readonly StepRecord[], expected: readonly string[]]>([
  [
    "an id twice",
    [compile, compile],
    ['"step-0001-cc-a.o" is used twice', 's.jsonl:1 "step-0001-cc-a.o" has the number 1, which another step has too'],
  ],
  [
    "a cycle",
    [{ ...compile, inputs: [{ path: "@build@/a", sha256: "0" }], depends: [link.id] }, link],
    ["circular: step-0001-cc-a.o -> step-0002-cc-a -> step-0001-cc-a.o"],
  ],
  [
    "a step that is not there",
    [link],
    [
      '"step-0002-cc-a" depends on "step-0001-cc-a.o", which does not exist',
      's.jsonl:2 "step-0002-cc-a" reads @build@/a.o, which no recorded step wrote; record a clean build, or wrap the tool that writes it with --also NAME',
    ],
  ],
  [
    "an input without its writer",
    [compile, { ...link, depends: [] }],
    ['s.jsonl:2 "step-0002-cc-a" reads @build@/a.o, which "step-0001-cc-a.o" wrote, but does not depend on it'],
  ],
  [
    "a dependency that gives nothing",
    [compile, { ...link, inputs: [] }],
    ['s.jsonl:2 "step-0002-cc-a" depends on "step-0001-cc-a.o", which wrote none of its inputs'],
  ],
  [
    "a failed step",
    [{ ...compile, exit: 1, outputs: [] }],
    ['s.jsonl:1 "step-0001-cc-a.o" failed with exit code 1; mend the build and record it again'],
  ],
  [
    "a step without outputs",
    [{ ...compile, outputs: [] }],
    ['s.jsonl:1 "step-0001-cc-a.o" wrote no file, so that nothing can rest on it; leave it out'],
  ],
  ["a stub", [{ ...compile, command: "true", tool: "true" }], [STUB("true")]],
  ["a stub of the older form", [{ ...compile, form: "older", command: "/bin/echo", tool: "echo" }], [STUB("echo")]],
  ["a stub in a shell", [{ ...compile, command: "sh", tool: "sh", args: ["-c", ": cc -c a.c"] }], [STUB(":")]],
  ["a home", [{ ...compile, args: ["-I/home/pat/include"] }], [MACHINE("-I/home/pat/include")]],
  ["a path that was taken out", [{ ...compile, args: ["-I@machine@/include"] }], [MACHINE("-I@machine@/include")]],
  [
    "a key",
    [{ ...compile, env: { MY_TOKEN: "correct-horse" } }],
    [
      's.jsonl:1 "step-0001-cc-a.o" holds what looks like a key; change that key, and take the record out of every place it was copied to',
    ],
  ],
  [
    "a key in a name",
    [{ ...compile, args: ["-c", `ghp_${"a1".repeat(20)}.c`] }],
    [
      's.jsonl:1 "step-0001-cc-a.o" holds what looks like a key; change that key, and take the record out of every place it was copied to',
    ],
  ],
])("tells of %s", (_, records, expected) => {
  expect(problems(...records)).toEqual(expected);
});

it("takes a shell that builds something, and folders that every machine has", () => {
  expect(problems({ ...compile, command: "sh", tool: "sh", args: ["-c", "echo hi; cc -c a.c"] })).toEqual([]);
  expect(problems({ ...compile, args: ["-I/usr/include/x", '-DETC="/etc"', "-L/nix/store/abc/lib"] })).toEqual([]);
});
