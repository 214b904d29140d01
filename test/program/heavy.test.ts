import { randomBytes } from "node:crypto";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findHost } from "../../src/system/environment/host.ts";
import { execute } from "../../src/system/process.ts";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { type Place, place } from "./place.ts";
import { build, COPIES_NOTE, crqText, NOTE_PROJECT, noNix, noteFlake, propose, script } from "./samples.ts";
import { PACKAGE_ROOT } from "./world.ts";

/** What does not end, and a disk that is full. What is large stands in heavy.slow.test.ts. */

const CRQ = "crqs/CRQ-001-say-welcome.md";

describe.skipIf(noNix !== undefined)("a build", () => {
  it("that hangs is stopped at the project's build-timeout, with all its processes, and the model goes on", async () => {
    const at = await place();
    const salt = randomBytes(8).toString("hex");
    const config = "[nix]\nbuild-timeout = 2\n";
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText(), "crq-agent.toml": config });
    const hangs = [`: ${salt}`, "coproc silence { read -r line; }", "read -r -u $silence line", ...COPIES_NOTE];
    const model = join(at.folder, "model.json");
    await writeFile(
      model,
      script(
        { call: [propose({ path: "flake.nix", create: noteFlake("welcome", hangs) })] },
        { call: [build()] },
        {
          call: [propose({ path: "flake.nix", create: noteFlake("welcome") })],
          expect: { error: true, contains: ["took longer than allowed and was stopped"] },
        },
        { text: "It no longer hangs." },
      ),
    );
    const done = await at.json(["apply", "1", "--repo", repo, "--world", at.world, "--yes", "--model", `scripted:${model}`]);
    expect(done.document, done.about).toMatchObject({ exit: 0, data: { outcome: { kind: "done" } } });
    const left = await execute({
      argv: ["ps", "-eo", "args"],
      cwd: "/",
      env: { PATH: process.env.PATH ?? "" },
      timeoutMs: 10_000,
    });
    expect(left.stdout).not.toContain(salt);
  });
});

const { bwrap } = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });

describe.skipIf(noNix !== undefined || bwrap === undefined)("a disk that is full", () => {
  /** The stores are where they always are; only the folder of worktrees is small: 3 MB. */
  async function smallDisk(at: Place) {
    const cache = join(at.folder, "cache");
    const work = join(cache, "crq-agent", "work");
    await mkdir(work, { recursive: true });
    await mkdir(join(at.cache, "worlds"), { recursive: true });
    // Stores and the canaries' answers are the machine's, as in every other run.
    for (const shared of ["worlds", "canaries.json"]) await symlink(join(at.cache, shared), join(cache, "crq-agent", shared));
    const wrapper = [
      bwrap ?? "",
      "--dev-bind",
      "/",
      "/",
      "--size",
      String(3 * 1024 * 1024),
      "--tmpfs",
      work,
      "--die-with-parent",
    ];
    return { wrapper, env: { XDG_CACHE_HOME: cache } };
  }

  it("when the copy is made: exit 3 with what to do, and nothing is handed over", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText(), "data.txt": "0123456789abcde\n".repeat(400_000) });
    const before = await fingerprint(repo);
    const done = await at.json(["apply", "1", "--repo", repo, "--world", at.world, "--yes"], await smallDisk(at));
    expect(done.document, done.about).toMatchObject({
      ok: false,
      exit: 3,
      diagnostics: [
        { message: expect.stringMatching(/^the disk is full .*; free some room and run again, nothing was handed over$/u) },
      ],
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it("when a change is written: the run ends there, the model is not asked to work against it", async () => {
    const at = await place();
    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    const before = await fingerprint(repo);
    const model = join(at.folder, "model.json");
    const large = Array.from({ length: 60_000 }, (_, index) => `line ${index} of a file that is too large for the disk\n`).join(
      "",
    );
    await writeFile(model, script({ call: [propose({ path: "large.txt", create: large })] }, { text: "Done." }));
    const done = await at.json(
      ["apply", "1", "--repo", repo, "--world", at.world, "--yes", "--model", `scripted:${model}`],
      await smallDisk(at),
    );
    expect(done.document, done.about).toMatchObject({
      exit: 3,
      data: {
        outcome: { kind: "infra", detail: expect.stringMatching(/^the disk is full .*; free some room and resume$/u) },
        turns: 1,
        handOver: { form: "nothing" },
      },
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });
});
