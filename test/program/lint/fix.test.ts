import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { EXAMPLE } from "../../crq/fixtures/example.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { place } from "../place.ts";

const GREET = {
  "crq-agent.toml": '[policy.inputs]\norg = "o"\nref = "."\n[policy.inputs.forks]\n"NixOS/nixpkgs" = "feature/CRQ-016-nixify"\n',
  "Cargo.lock": "version = 4\n",
  "Cargo.toml": '[package]\nname = "greet"\n',
  "README.md": "# greet\n",
  "docs/nix-rust.md": "Rust crates are built with naersk.\n",
};
const BOM = "\uFEFF";
const dos = (text: string) => `${BOM}${text.replaceAll("\n", "\r\n")}`;

describe("lint --fix", () => {
  it("mends, renames and brings the lists in step, byte by byte; git's index stays the person's; a second run does nothing", async () => {
    const at = await place();
    const old = EXAMPLE.replace("## 2. Motivation", "## Motivation");
    const repo = await at.repository({
      ...GREET,
      "crqs/crq_001_Nixify_Greet.md": dos(old),
      "crqs/CRQ-002-next.md": EXAMPLE.replaceAll("CRQ-001", "CRQ-002").replace("created =", "craeted ="),
    });
    const run = (...args: string[]) => at.run(["lint", ...args], { cwd: repo });
    const fixed = await run("--fix", "--profile", "strict");
    expect(fixed.stderr.trimEnd().split("\n")).toEqual([
      "crqs/CRQ-002-next.md: fixed meta/unknown-key: rename `craeted` to `created`",
      "crqs/crq_001_Nixify_Greet.md: fixed id/file-name: rename it to `CRQ-001-nixify-greet.md`",
      "crqs/CRQ-001-nixify-greet.md: fixed structure/section-order: number it `2.`",
      "crqs/list.txt: fixed index/out-of-date: write it from the documents",
      "crqs/INDEX.md: fixed index/out-of-date: write it from the documents",
    ]);
    expect(fixed).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^2 documents, \d\d rules: no findings$/mu) });
    const text = (name: string) => readFile(join(repo, "crqs", name), "utf8");
    expect(await text("CRQ-001-nixify-greet.md")).toBe(dos(EXAMPLE));
    expect(await text("CRQ-002-next.md")).toBe(EXAMPLE.replaceAll("CRQ-001", "CRQ-002"));
    expect(await text("list.txt")).toBe("CRQ-001-nixify-greet.md\nCRQ-002-next.md\n");
    expect(await git(["status", "--porcelain"], { cwd: repo })).toBe(
      " M crqs/CRQ-002-next.md\n D crqs/crq_001_Nixify_Greet.md\n?? crqs/CRQ-001-nixify-greet.md\n?? crqs/INDEX.md\n?? crqs/list.txt\n",
    );
    const before = await fingerprint(join(repo, "crqs"));
    expect(await run("--fix", "--profile", "strict")).toMatchObject({ exit: 0, stderr: "" });
    expect(difference(before, await fingerprint(join(repo, "crqs")))).toEqual(SAME);
  });

  it("renames nothing over a file that is there, nor away from a link to it", async () => {
    const at = await place();
    const linked = EXAMPLE.replaceAll("CRQ-001", "CRQ-002").replace(
      "Every machine",
      "See [one](crq_001_a_b_c.md). Every machine",
    );
    const repo = await at.repository({
      ...GREET,
      "crqs/crq_001_a_b_c.md": EXAMPLE,
      "crqs/CRQ-002-linked.md": linked,
      "crqs/crq_003_taken.md": EXAMPLE.replaceAll("CRQ-001", "CRQ-003"),
      "crqs/CRQ-003-taken.md": new Uint8Array([0, 1]),
    });
    const { document, stderr } = await at.json(["lint", "--fix", "--profile", "strict"], { cwd: repo });
    expect(document.data).toMatchObject({ fixed: [{ rule: "index/out-of-date" }, { rule: "index/out-of-date" }] });
    expect(stderr).toMatch(
      /crqs\/crq_003_taken\.md: cannot be renamed to crqs\/CRQ-003-taken\.md: a file of that name is there/u,
    );
    expect(await git(["status", "--porcelain"], { cwd: repo })).toBe("?? crqs/INDEX.md\n?? crqs/list.txt\n");
  });

  it("says what could not be written, writes the rest, and ends with 2", async () => {
    const at = await place();
    const repo = await at.repository({
      ...GREET,
      "crqs/CRQ-001-nixify-greet.md": EXAMPLE.replace("## 2. Motivation", "## Motivation"),
      "crqs/locked/CRQ-002-x-y.md": EXAMPLE.replaceAll("CRQ-001", "CRQ-002").replace("## 2. Motivation", "## Motivation"),
    });
    const locked = join(repo, "crqs/locked");
    await chmod(locked, 0o500);
    // For root no permission is missing: the folder is made unwritable in another way where that is so.
    const isWritable = await writeFile(join(locked, "probe"), "").then(
      () => true,
      () => false,
    );
    const run = await at.run(["lint", "--fix"], { cwd: repo });
    await chmod(locked, 0o700);
    expect(await readFile(join(repo, "crqs/CRQ-001-nixify-greet.md"), "utf8")).toBe(EXAMPLE);
    if (isWritable) return;
    expect(run).toMatchObject({ exit: 2, stderr: expect.stringMatching(/locked\/CRQ-002-x-y\.md: .*could not be written/u) });
  });
});
