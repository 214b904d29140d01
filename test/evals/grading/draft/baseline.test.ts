import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openDraft } from "../../../../src/evals/grading/draft/grade-draft.ts";
import { InfraFailure } from "../../../../src/evals/trial/infra-failure.ts";
import { stage } from "../../../../src/evals/trial/stage.ts";
import { createNix } from "../../../../src/nix/run.ts";
import { findHost } from "../../../../src/system/environment/host.ts";
import { openLiveEnvironment } from "../../../../src/system/environment/live-environment.ts";
import { FLAKE, TALLY_FILES, taskOnDisk } from "../tally-task.ts";

const ROOT = join(import.meta.dirname, "../../../..");

it("a baseline that no Nix could judge is the machine's trouble, and says nothing of the draft", async () => {
  const { task, remove } = await taskOnDisk({ ...TALLY_FILES, "repo/flake.nix": FLAKE });
  onTestFinished(remove);
  const work = await mkdtemp(join(tmpdir(), "crq-baseline-"));
  onTestFinished(() => rm(work, { recursive: true, force: true }));
  const host = { ...(await findHost({ packageRoot: ROOT, path: process.env.PATH ?? "" })), nix: undefined, systemNix: undefined };
  const environment = await openLiveEnvironment({
    host,
    cacheRoot: join(work, "cache"),
    session: work,
    allowImportFromDerivation: false,
    person: {},
  });
  onTestFinished(() => environment.close());
  const staged = await stage(task, join(work, "staged"), environment);
  const draft = (TALLY_FILES["crq/CRQ-001-flake.md"] ?? "").replace(
    'kind = "doc"\n    files = ["README.md"]\n    mentions = ["nix build .#tally"]',
    'kind = "nix-build"\n    attr = "packages.${system}.tally"',
  );
  const subject = await openDraft(
    {
      task,
      machine: { packageRoot: ROOT, host, world: { mode: "live" }, isolation: "bwrap" },
      affinity: undefined,
      environment,
      nix: createNix({ environment, folder: join(work, "nix") }),
      worldHash: undefined,
      work,
      ...staged,
      close: async () => undefined,
    },
    draft,
    { logs: join(work, "logs"), signal: new AbortController().signal },
  );
  const ended = await subject.baseline().catch((error: unknown) => error);
  expect(ended).toBeInstanceOf(InfraFailure);
  expect(ended).toMatchObject({ class: "nix-daemon" });
});
