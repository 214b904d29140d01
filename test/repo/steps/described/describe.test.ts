import { describe, expect, it } from "vitest";
import { describeSteps } from "../../../../src/repo/steps/described/describe.ts";
import { stepProblems } from "../../../../src/repo/steps/problems.ts";
import { parseRecords } from "../../../../src/repo/steps/records.ts";

/** Calls in the older form, as a driver printed them that was made to describe instead of to run. */
const described = (calls: readonly object[]) =>
  describeSteps(parseRecords("steps/old.jsonl", calls.map((call) => JSON.stringify(call)).join("\n")).records, {
    source: "/home/pat/project",
    build: undefined,
    files: new Map([
      ["src/main.rs", "m".repeat(64)],
      ["src/deep/part.rs", "p".repeat(64)],
      ["core/lib.rs", "c".repeat(64)],
      ["tool.c", "t".repeat(64)],
      ["tool.h", "h".repeat(64)],
    ]),
  });

const RUSTC = {
  command: "/home/pat/.cargo/bin/rustc",
  type: "rust_compiler_invocation",
  cwd: "/home/pat/project",
  env: {
    CARGO_PKG_NAME: "app",
    PATH: "/home/pat/bin:/usr/bin",
    OPENAI_API_KEY: "sk-0123456789abcdef0123456789abcdef",
    LS_COLORS: "x",
  },
};

describe("calls that were described and not run", () => {
  it("become steps with what their words say, by base name, with roots for paths and no foreign variable", () => {
    const { steps, problems } = described([
      { ...RUSTC, args: ["--crate-name", "core", "--crate-type", "rlib", "--out-dir", "/home/pat/project/out", "core/lib.rs"] },
      { ...RUSTC, args: ["--crate-name=app", "--extern", "core=out/libcore.rlib", "-o", "out/app", "src/main.rs"] },
    ]);
    expect(problems).toEqual([]);
    expect(steps).toEqual([
      {
        place: "steps/old.jsonl:1",
        form: "current",
        seq: 1,
        id: "step-0001-rustc-core",
        type: "rust_compiler_invocation",
        command: "rustc",
        tool: "rustc",
        args: ["--crate-name", "core", "--crate-type", "rlib", "--out-dir", "@build@/out", "core/lib.rs"],
        env: { CARGO_PKG_NAME: "app" },
        cwd: "@source@",
        inputs: [{ path: "@source@/core/lib.rs", sha256: "c".repeat(64) }],
        outputs: ["@build@/out/libcore.rlib"],
        depends: [],
        exit: null,
      },
      {
        place: "steps/old.jsonl:2",
        form: "current",
        seq: 2,
        id: "step-0002-rustc-app",
        type: "rust_compiler_invocation",
        command: "rustc",
        tool: "rustc",
        args: ["--crate-name=app", "--extern", "core=out/libcore.rlib", "-o", "out/app", "src/main.rs"],
        env: { CARGO_PKG_NAME: "app" },
        cwd: "@source@",
        inputs: [
          { path: "@build@/out/libcore.rlib", sha256: "" },
          { path: "@source@/src/deep/part.rs", sha256: "p".repeat(64) },
          { path: "@source@/src/main.rs", sha256: "m".repeat(64) },
        ],
        outputs: ["@build@/out/app"],
        depends: ["step-0001-rustc-core"],
        exit: null,
      },
    ]);
    expect(stepProblems(steps)).toEqual([]);
  });

  it("give a C compiler every header of the project, since nobody asked it which it includes", () => {
    const cc = { command: "cc", type: "c_compiler_invocation", cwd: "@source@", env: {}, args: ["-c", "tool.c"] };
    expect(described([cc]).steps).toMatchObject([
      { inputs: [{ path: "@source@/tool.c" }, { path: "@source@/tool.h" }], outputs: ["@build@/tool.o"] },
    ]);
  });

  it("are refused where they do not say enough", () => {
    const { steps, problems } = described([
      { ...RUSTC, command: "/usr/bin/cargo", args: ["build", "--manifest-path", "/home/pat/project/Cargo.toml"] },
      { ...RUSTC, args: ["-vV"] },
    ]);
    expect(steps).toEqual([]);
    expect(problems).toEqual([
      {
        place: "steps/old.jsonl:1",
        message:
          "describes cargo, which is no compiler: what it would start is not said; run it: crq-agent steps record -- cargo …",
      },
      { place: "steps/old.jsonl:2", message: "describes a call of rustc that writes no file; take it out" },
    ]);
    const missing = described([{ ...RUSTC, args: ["--crate-name", "app", "--extern", "core=out/libcore.rlib", "src/main.rs"] }]);
    expect(stepProblems(missing.steps).map(({ message }) => message)).toEqual([
      '"step-0001-rustc-app" reads @build@/out/libcore.rlib, which no recorded step wrote; record a clean build, or wrap the tool that writes it with --also NAME',
    ]);
  });
});
