import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { expect, it, onTestFinished } from "vitest";
import { failed, passed, type ResultDetails, unavailable } from "../../../src/crq/criteria/check/result.ts";
import { judgementOf } from "../../../src/evals/grading/change/observe.ts";
import { InfraFailure } from "../../../src/evals/trial/infra-failure.ts";
import type { Diagnosis, DiagnosisFacts } from "../../../src/nix/diagnosis.ts";
import type { ExecutionEnvironment } from "../../../src/system/environment/execution-environment.ts";

const diagnosed = (facts: DiagnosisFacts): ResultDetails => {
  const diagnosis: Diagnosis = { ...facts, stage: "fetch", message: "m", excerpt: "", next: "", fingerprint: "" };
  return { diagnoses: [diagnosis] };
};

const behind = (proxy: string): ExecutionEnvironment => ({
  kind: "world",
  mode: "replay",
  label: "test",
  variables: { https_proxy: proxy },
  nixBin: undefined,
  nixVersion: undefined,
  missing: undefined,
  nixConf: {},
  wrap: (argv) => argv,
  confine: () => "bubblewrap is missing",
  hostPath: () => tmpdir(),
  misses: () => [],
  close: async () => undefined,
});

/** Where something listens, or nothing any more. */
async function proxy(alive: boolean): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  if (alive) onTestFinished(close);
  else await close();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

it("counts against the change whatever a change could have brought about", async () => {
  const environment = behind(await proxy(true));
  const results = [
    passed("eval", "all is well", { candidates: 1, checked: 1 }),
    failed("timeout", "eval", "took longer than allowed"),
    unavailable("other-system", "eval", "built for another system"),
    unavailable(
      "unreachable",
      "eval",
      "an address that nobody answers",
      undefined,
      diagnosed({ kind: "input-not-found", url: "x" }),
    ),
    unavailable("unreachable", "build", "only another system builds it", undefined, diagnosed({ kind: "foreign-system" })),
  ];
  expect(await Promise.all(results.map(async (one) => (await judgementOf(one, environment)).verdict))).toEqual([
    "pass",
    "fail",
    "fail",
    "fail",
    "fail",
  ]);
});

it("is trouble of the mirror where it broke a connection off, although it answers again", async () => {
  const environment = behind(await proxy(true));
  const excerpt = "error: unable to download 'https://a.example/x': Recv failure: Connection reset by peer (56)";
  const reset: Diagnosis = {
    kind: "input-not-found",
    url: "x",
    stage: "fetch",
    message: "m",
    excerpt,
    next: "",
    fingerprint: "",
  };
  const judged = (more: Partial<Diagnosis>) =>
    judgementOf(
      unavailable("unreachable", "eval", "reset", undefined, { diagnoses: [{ ...reset, ...more } as Diagnosis] }),
      environment,
    ).then(
      ({ verdict }) => verdict,
      (error: unknown) => (error instanceof InfraFailure ? error.class : String(error)),
    );
  expect(await judged({})).toBe("mirror");
  expect(await judged({ position: { file: "flake.nix", line: 1, column: 1 } })).toBe("fail");
});

it("is trouble of the machine where no change could bring it about, and says which", async () => {
  const environment = behind(await proxy(false));
  const results = [
    unavailable("aborted", "eval", "stopped"),
    unavailable("no-nix", "eval", "no Nix"),
    unavailable("no-confinement", "build", "no bubblewrap"),
    unavailable("internal", "text", "the check broke"),
    unavailable("unreachable", "eval", "the mirror is gone", undefined, diagnosed({ kind: "input-not-found", url: "x" })),
    unavailable("unreachable", "eval", "Nix does not start", undefined, diagnosed({ kind: "unknown" })),
    failed("build", "build", "no room", undefined, diagnosed({ kind: "resources", resource: "disk" })),
  ];
  const classes = results.map((one) =>
    judgementOf(one, environment).then(
      ({ verdict }) => verdict,
      (error: unknown) => (error instanceof InfraFailure ? error.class : String(error)),
    ),
  );
  expect(await Promise.all(classes)).toEqual(["killed", "nix-daemon", "probe", "harness", "mirror", "nix-daemon", "disk"]);
});

it("believes no change that says of the machine what it can say itself: a builder, an expression, a program under test", async () => {
  const environment: ExecutionEnvironment = {
    ...behind(await proxy(true)),
    // What bubblewrap says of a program that is not there, where it can confine one.
    confine: ([name = ""]) => ["/bin/sh", "-c", `echo "bwrap: execvp ${name}: No such file or directory" >&2; exit 1`],
  };
  const derivation = { drv: "/nix/store/x-tally.drv", name: "tally", owner: "own" } as const;
  const position = { file: "flake.nix", line: 1, column: 1 };
  const said = (facts: DiagnosisFacts, more: Partial<Diagnosis>): ResultDetails => ({
    diagnoses: diagnosed(facts).diagnoses?.map((one): Diagnosis => ({ ...one, ...more }) as Diagnosis) ?? [],
  });
  const full = { kind: "resources", resource: "disk" } as const;
  const results = [
    failed("build", "build", "it prints that the disk is full", undefined, said(full, { derivation })),
    failed("evaluation", "eval", "it throws that the disk is full", undefined, said(full, { position })),
    unavailable("unreachable", "eval", "it throws that nothing is sandboxed", undefined, said({ kind: "unknown" }, { position })),
    unavailable("no-confinement", "build", "the confinement itself failed: bwrap: it prints so"),
  ];
  expect(await Promise.all(results.map(async (one) => (await judgementOf(one, environment)).verdict))).toEqual(
    results.map(() => "fail"),
  );
});
