import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Call } from "../../../../src/repo/steps/calls/call.ts";
import { foldCalls } from "../../../../src/repo/steps/calls/fold.ts";
import { places } from "../../../../src/repo/steps/calls/places.ts";
import { stepsOf } from "../../../../src/repo/steps/calls/steps.ts";
import { stepProblems } from "../../../../src/repo/steps/problems.ts";
import { parseRecords } from "../../../../src/repo/steps/records.ts";

/** From what wrappers saw, in any order, to numbered steps that are wired. */

const call = (part: Partial<Call>): Call => ({
  type: "c_compiler_invocation",
  started: 0,
  ended: 1,
  command: "cc",
  real: "/usr/bin/cc",
  args: [],
  env: {},
  withheld: [],
  cwd: "/p",
  inputs: [],
  outputs: [],
  makes: "x",
  exit: 0,
  ...part,
});
const file = (path: string, sha256 = path) => ({ path, sha256 });
const all = { succeeded: true, exists: () => true };
const wired = (calls: readonly Call[], build: { succeeded: boolean; exists: (path: string) => boolean } = all) =>
  foldCalls({ calls, ...build }).steps.map(({ call: { makes }, inputs }) => [
    makes,
    Object.fromEntries(inputs.map(({ path, writer }) => [path, writer])),
  ]);

describe("the fold of calls", () => {
  it("takes the last writer before the read, and of several the one whose content was read", () => {
    const first = call({ makes: "first", started: 1, ended: 2, outputs: [file("/p/a", "old")] });
    const second = call({ makes: "second", started: 3, ended: 4, outputs: [file("/p/a", "new")] });
    const early = call({ makes: "early", started: 3.5, ended: 5, inputs: [file("/p/a", "old")], outputs: [file("/p/b")] });
    const late = call({ makes: "late", started: 6, ended: 7, inputs: [file("/p/a", "new")], outputs: [file("/p/c")] });
    expect(wired([late, early, second, first])).toEqual([
      ["first", {}],
      ["second", {}],
      ["early", { "/p/a": 1 }],
      ["late", { "/p/a": 2 }],
    ]);
  });

  it("lets a step that changes a file depend on the one before, and not on itself", () => {
    const archive = call({ makes: "new", started: 1, ended: 2, outputs: [file("/p/l.a", "1")] });
    const update = call({ makes: "more", started: 3, ended: 4, inputs: [file("/p/l.a", "1")], outputs: [file("/p/l.a", "2")] });
    expect(wired([archive, update])).toEqual([
      ["new", {}],
      ["more", { "/p/l.a": 1 }],
    ]);
  });

  it("adds what libraries of Rust need in turn: metadata to compile, whole libraries to link, nothing behind a macro", () => {
    const rust = (name: string, at: number, externs: string[], links = false, macro = false): Call =>
      call({
        type: "rust_compiler_invocation",
        makes: name,
        started: at,
        ended: at + 5,
        outputs: macro ? [file(`/p/lib${name}.so`)] : [file(`/p/lib${name}.rlib`), file(`/p/lib${name}.rmeta`)],
        rust: { externs, links, macro },
      });
    const [low, syn] = [rust("low", 1, []), rust("syn", 2, [])];
    const derive = rust("derive", 3, ["/p/libsyn.rlib"], true, true);
    const mid = rust("mid", 4, ["/p/liblow.rmeta", "/p/libderive.so"]);
    const top = rust("top", 5, ["/p/libmid.rmeta"]);
    const app = rust("app", 6, ["/p/libmid.rlib"], true);
    expect(wired([low, syn, derive, mid, top, app]).slice(3)).toEqual([
      ["mid", { "/p/libderive.so": 3, "/p/liblow.rmeta": 1 }],
      ["top", { "/p/libderive.so": 3, "/p/liblow.rmeta": 1, "/p/libmid.rmeta": 4 }],
      ["app", { "/p/libderive.so": 3, "/p/liblow.rlib": 1, "/p/libmid.rlib": 4 }],
    ]);
  });

  it("gives a compiler what a program that started it was seen to write", () => {
    const script = call({
      type: "build_script_run",
      makes: "script",
      started: 1,
      ended: 9,
      outputs: [file("/p/t.c"), file("/p/t.o")],
    });
    const cc = call({ makes: "t.o", started: 3, ended: 4, inputs: [file("/p/t.c")], outputs: [file("/p/t.o")] });
    const { steps } = foldCalls({ calls: [cc, script], ...all });
    expect(steps.map((step) => step.call.outputs.map(({ path }) => path))).toEqual([["/p/t.c"], ["/p/t.o"]]);
    expect(steps[1]?.inputs).toEqual([{ path: "/p/t.c", sha256: "/p/t.c", writer: 1 }]);
  });

  it("tells two programs that ran at once apart by their words and where their output goes", () => {
    const seen = [file("/p/a.h"), file("/p/b.h"), file("/p/gen/c.h")];
    const run = (part: Partial<Call>): Call => call({ type: "program_run", started: 1, ended: 9, outputs: seen, ...part });
    const calls = [run({ stdout: "/p/a.h" }), run({ args: ["--to=b.h"] }), run({ args: ["-o", "gen"] })];
    const { steps } = foldCalls({ calls, ...all });
    expect(steps.map((step) => step.call.outputs.map(({ path }) => path))).toEqual([["/p/a.h"], ["/p/b.h"], ["/p/gen/c.h"]]);
  });

  it("leaves probes out and counts them: what failed in a build that did not, what left nothing behind", () => {
    const failed = call({ makes: "failed", exit: 1 });
    const gone = call({ makes: "gone", outputs: [file("/p/conftest.o")] });
    const linked = call({
      makes: "linked",
      started: 2,
      ended: 3,
      inputs: [file("/p/conftest.o")],
      outputs: [file("/p/conftest")],
    });
    const silent = call({ makes: "silent", type: "program_run" });
    const kept = call({ makes: "kept", outputs: [file("/p/a.o")] });
    const read = call({ makes: "read", started: 1, ended: 2, outputs: [file("/p/moved.o")] });
    const reader = call({ makes: "reader", started: 3, ended: 4, inputs: [file("/p/moved.o")], outputs: [file("/p/app")] });
    const exists = (path: string): boolean => ["/p/a.o", "/p/app"].includes(path);
    const calls = [failed, gone, linked, silent, kept, read, reader];
    const { steps, leftOut } = foldCalls({ calls, succeeded: true, exists });
    expect({ made: steps.map((step) => step.call.makes), leftOut }).toEqual({
      made: ["kept", "read", "reader"],
      leftOut: { failed: 1, traceless: 3 },
    });
    expect(wired(calls, { succeeded: false, exists }).map(([name]) => name)).toEqual(["failed", "kept", "read", "reader"]);
  });

  const paths = fc.constantFrom("/p/a", "/p/b", "/p/c", "/p/d", "/p/src/e");
  const contents = fc.constantFrom("1", "2", "3");
  const files = fc.uniqueArray(fc.record({ path: paths, sha256: contents }), { selector: ({ path }) => path, maxLength: 4 });
  const calls = fc.array(
    fc
      .record({
        started: fc.integer({ min: 0, max: 30 }),
        lasts: fc.integer({ min: 0, max: 10 }),
        inputs: files,
        outputs: files,
        program: fc.boolean(),
      })
      .map(({ started, lasts, inputs, outputs, program }) =>
        call({ started, ended: started + lasts, inputs, outputs, type: program ? "program_run" : "c_compiler_invocation" }),
      ),
    { maxLength: 12 },
  );

  it("numbers from 1 without gaps, in the order of beginnings, whatever the order of the files it reads", () => {
    fc.assert(
      fc.property(calls, fc.infiniteStream(fc.nat()), (some, random) => {
        const { steps } = foldCalls({ calls: some, ...all });
        expect(steps.map(({ seq }) => seq)).toEqual(steps.map((_, at) => at + 1));
        const begun = steps.map((step) => step.call.started);
        expect(begun).toEqual([...begun].sort((a, b) => a - b));
        const shuffled = some.map((one) => ({ one, at: random.next().value })).sort((a, b) => a.at - b.at);
        const times = (list: readonly Call[]) => foldCalls({ calls: list, ...all }).steps.map((step) => step.call.started);
        expect(times(shuffled.map(({ one }) => one))).toEqual(times(some));
      }),
    );
  });

  it("names only writers that began earlier and wrote that very file, and its records are always sound", () => {
    const where = places({
      ...{ source: ["/p"], build: [], crates: new Map(), toolchain: [], wrappers: "/w" },
      ...{ sources: new Set(["src/e"]), written: new Set(["/p/a", "/p/b", "/p/c", "/p/d"]) },
    });
    fc.assert(
      fc.property(calls, (some) => {
        const { steps } = foldCalls({ calls: some, ...all });
        for (const { seq, inputs } of steps) {
          for (const { path, writer } of inputs) {
            if (writer === undefined) continue;
            expect(writer).toBeLessThan(seq);
            expect(steps[writer - 1]?.call.outputs.map((output) => output.path)).toContain(path);
          }
        }
        const text = stepsOf(steps, { places: where, secrets: [], versions: new Map() }).map((step) => JSON.stringify(step));
        const { records, problems } = parseRecords("s.jsonl", text.join("\n"));
        expect(problems).toEqual([]);
        // Files that nobody wrote before they were read are the build's fault, not the fold's.
        expect(stepProblems(records).filter(({ message }) => !/no recorded step wrote|wrote only later/u.test(message))).toEqual(
          [],
        );
      }),
    );
  });
});
