import { describe, expect, test } from "vitest";
import { diagnose } from "../../../src/nix/diagnose/diagnose.ts";
import { readPlainMessages } from "../../../src/nix/logs/plain-messages.ts";

/** The two wrappers as Nix 2.26.3 and 2.34.8 printed them for one flake. */
const OLD = `these 2 derivations will be built:
  /nix/store/891m5503akajv81yaydgd4zci3h56sh5-bad-1.0.drv
  /nix/store/8yj0s2i0csr1xc0j595bnzqc2b79a60x-outer-1.drv
building '/nix/store/891m5503akajv81yaydgd4zci3h56sh5-bad-1.0.drv'...
error: builder for '/nix/store/891m5503akajv81yaydgd4zci3h56sh5-bad-1.0.drv' failed with exit code 3;
       last 1 log lines:
       > error: linker \`cc\` not found
       For full logs, run:
         nix log /nix/store/891m5503akajv81yaydgd4zci3h56sh5-bad-1.0.drv
error: 1 dependencies of derivation '/nix/store/8yj0s2i0csr1xc0j595bnzqc2b79a60x-outer-1.drv' failed to build
`;
const NEW = `warning: you don't have Internet access; disabling some network-dependent features
these 2 derivations will be built:
  /nix/store/891m5503akajv81yaydgd4zci3h56sh5-bad-1.0.drv
  /nix/store/8yj0s2i0csr1xc0j595bnzqc2b79a60x-outer-1.drv
building '/nix/store/891m5503akajv81yaydgd4zci3h56sh5-bad-1.0.drv'...
error: Cannot build '/nix/store/891m5503akajv81yaydgd4zci3h56sh5-bad-1.0.drv'.
       Reason: builder failed with exit code 3.
       Output paths:
         /nix/store/1f4g6jas1x7jn88r3slga2pfhyhd6d31-bad-1.0
       Last 1 log lines:
       > error: linker \`cc\` not found
       For full logs, run:
         nix log /nix/store/891m5503akajv81yaydgd4zci3h56sh5-bad-1.0.drv
error: Cannot build '/nix/store/8yj0s2i0csr1xc0j595bnzqc2b79a60x-outer-1.drv'.
       Reason: 1 dependency failed.
       Output paths:
         /nix/store/p7ghdcdfiddsvpdpxg9f5n85yi7qy21c-outer-1
`;
/** 2.26.3, \`nix eval\` without --show-trace. */
const EVALUATION = `warning: Git tree '/tmp/project' is dirty
error:
       … while calling the 'readFile' builtin
         at /nix/store/pvfglp1c3cxdhyx1aswda58rmqsf4r39-source/flake.nix:1:57:
            1| { outputs = { self }: { packages.x86_64-linux.default = builtins.readFile ./nope.txt; }; }
             |                                                         ^
            2|

       error: opening file '/nix/store/pvfglp1c3cxdhyx1aswda58rmqsf4r39-source/nope.txt': No such file or directory
`;

/** `nix flake check -L` of 2.34.8: the attribute before the cause, the builder's lines under its name. */
const CHECK = `checking derivation checks.x86_64-linux.bad...
derivation evaluated to /nix/store/b07z4z42f1kw4q36pgaq7851mywgrwy6-bad-1.0.drv
running 2 flake checks...
building '/nix/store/b07z4z42f1kw4q36pgaq7851mywgrwy6-bad-1.0.drv'...
bad> error: linker \`cc\` not found
error: failed to build attribute 'checks.x86_64-linux.bad', build of '/nix/store/b07z4z42f1kw4q36pgaq7851mywgrwy6-bad-1.0.drv^*' failed: Cannot build '/nix/store/b07z4z42f1kw4q36pgaq7851mywgrwy6-bad-1.0.drv'.
       Reason: builder failed with exit code 2.
       Output paths:
         /nix/store/cl6h9qxp438jf5564k694rw9vnkcn0dz-bad-1.0
`;

/** The same of 2.26.3, which ends in a summary of everything that was asked for; lines of a CI service with its times and colours. */
const OLD_CHECK = `2026-11-27T10:00:00.1Z building '/nix/store/b07z4z42f1kw4q36pgaq7851mywgrwy6-bad-1.0.drv'...
2026-11-27T10:00:01.1Z \u001b[35mbad> \u001b[0merror: linker \`cc\` not found
2026-11-27T10:00:01.2Z \u001b[31;1merror:\u001b[0m builder for '\u001b[35;1m/nix/store/b07z4z42f1kw4q36pgaq7851mywgrwy6-bad-1.0.drv\u001b[0m' failed with exit code 2
2026-11-27T10:00:01.2Z \u001b[31;1merror:\u001b[0m build of '/nix/store/b07z4z42f1kw4q36pgaq7851mywgrwy6-bad-1.0.drv', '/nix/store/fp5xp7asr7r6h8n5l6a648m32jdv432w-outer.drv' failed
`;

const context = { stage: "build", ownNames: ["outer"], requested: [], flakeRoots: [] } as const;

describe("the wrappers of a failed build", () => {
  test.each([
    ["2.26", OLD],
    ["2.34", NEW],
    ["nix flake check -L of 2.34", CHECK],
    ["nix flake check -L of 2.26, in CI", OLD_CHECK],
  ])("%s", (_, text) => {
    const events = readPlainMessages(text);
    const { diagnoses } = diagnose(events, context);
    expect(diagnoses.map(({ kind, derivation, excerpt }) => ({ kind, derivation: derivation?.name, excerpt }))).toEqual([
      { kind: "build-tool-missing", derivation: "bad-1.0", excerpt: "error: linker `cc` not found" },
    ]);
  });
});

test("a time limit of 2.34 names nobody: the build that was running", () => {
  const events = readPlainMessages(
    "building '/nix/store/b07z4z42f1kw4q36pgaq7851mywgrwy6-slow-1.0.drv'...\nerror: timed out after 2 seconds\n",
  );
  expect(diagnose(events, context).diagnoses.map(({ kind, derivation }) => [kind, derivation?.name])).toEqual([
    ["resources", "slow-1.0"],
  ]);
});

test("an evaluation error: the last one of its trace is the cause", () => {
  const events = readPlainMessages(EVALUATION);
  expect(events.warnings).toEqual(["Git tree '/tmp/project' is dirty"]);
  const { diagnoses } = diagnose(events, { ...context, stage: "eval" });
  expect(diagnoses.map(({ kind, message }) => ({ kind, message }))).toEqual([
    { kind: "untracked-file", message: "the flake does not see 'nope.txt': it does not exist or git does not track it" },
  ]);
});

test("a text without any error is no failure of Nix", () => {
  expect(readPlainMessages("hello\nworld\n")).toEqual({
    started: false,
    messages: [],
    warnings: [],
    derivations: [],
    notices: "",
    plain: "hello\nworld\n",
  });
});
