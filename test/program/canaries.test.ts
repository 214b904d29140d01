import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHECK_KINDS } from "../../src/crq/checks.ts";
import { place } from "./place.ts";
import { crqText, NOTE_PROJECT, noNix, noteFlake } from "./samples.ts";

const CRQ = "crqs/CRQ-001-say-welcome.md";

interface Results {
  readonly canaries: readonly { readonly kind: string; readonly verdict: string; readonly accepted: boolean }[];
}

describe.skipIf(noNix !== undefined)("canaries", () => {
  it("are all rejected by doctor; a kind that accepted one proves nothing; what is damaged or claims too much is tried again", async () => {
    const at = await place();
    const cache = join(at.folder, "cache");
    const env = { XDG_CACHE_HOME: cache };
    const doctor = async () => (await at.json(["doctor", "--canaries", "--world", at.world], { env })).document;
    const tried = (await doctor()).data;
    const kinds = CHECK_KINDS.filter((kind) => kind !== "manual");
    expect(tried).toMatchObject({
      canaries: kinds.map((kind) => ({ kind, verdict: expect.stringMatching(/^(?:fail|vacuous)$/u), accepted: false })),
    });

    const file = join(cache, "crq-agent", "canaries.json");
    const kept = JSON.parse(await readFile(file, "utf8"));
    expect(kept.results.map(({ kind }: { kind: string }) => kind).sort()).toEqual([...kinds].sort());

    const repo = await at.repository({ ...NOTE_PROJECT, [CRQ]: crqText() });
    await writeFile(join(repo, "flake.nix"), noteFlake("welcome"));
    const verify = async () => (await at.json(["verify", "1", "--repo", repo, "--world", at.world], { env })).document;
    expect(await verify()).toMatchObject({ exit: 0 });

    // As if this machine's Nix had shown another value than the one that is there.
    const accepting = kept.results.map((one: { kind: string }) =>
      one.kind === "nix-eval" ? { ...one, verdict: "pass", accepted: false } : one,
    );
    await writeFile(file, JSON.stringify({ ...kept, results: accepting }));
    expect(await verify()).toMatchObject({
      exit: 1,
      data: {
        report: {
          criteria: [
            { id: "AC-1", verdict: "vacuous", checks: [{ code: "canary-accepted" }] },
            { id: "AC-2", verdict: "pass" },
          ],
          canaries: [
            { kind: "nix-eval", accepted: true },
            { kind: "nix-build", accepted: false },
          ],
          gate: { failures: [{ rule: "criterion", ac: "AC-1" }, { rule: "canary-accepted" }] },
        },
      },
    });
    // Asked for, they are tried anew: the file is not believed.
    expect((await doctor()).data).toMatchObject({ canaries: kinds.map((kind) => ({ kind, accepted: false })) } satisfies {
      canaries: readonly Partial<Results["canaries"][number]>[];
    });
    for (const damaged of [
      "",
      "{",
      JSON.stringify({ ...kept, key: "another Nix" }),
      JSON.stringify({ ...kept, results: "all fine" }),
    ]) {
      await writeFile(file, damaged);
      expect(await verify()).toMatchObject({
        exit: 0,
        data: { report: { canaries: [{ accepted: false }, { accepted: false }] } },
      });
      expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ key: kept.key });
    }
  });
});
