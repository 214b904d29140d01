import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { place, writeFiles } from "../../program/place.ts";
import { noNix } from "../../program/samples.ts";
import { PACKAGE_ROOT } from "../../program/world.ts";
import { standIn } from "./stand-in.ts";

const SHIPPED = join(PACKAGE_ROOT, "evals", "world");

describe.skipIf(noNix !== undefined)("a recorded world", () => {
  it("is recorded from flakes, locks and URLs, or says what is missing", async () => {
    const at = await place();
    const internet = await standIn(SHIPPED);
    const record = ["world", "record", "world", "--flake", "github:nix-community/naersk", "--lock", "Cargo.lock"];
    const lock = await readFile(join(PACKAGE_ROOT, "docs", "demo", "repo", "Cargo.lock"), "utf8");
    await writeFiles(at.folder, { "Cargo.lock": lock });
    const done = await at.json(record, { env: internet.person });
    expect(done.document, done.about).toMatchObject({ ok: true, exit: 0, data: { missing: [] } });
    const crates = [...lock.matchAll(/name = "(.+)"\nversion = "(.+)"\nsource = "registry/g)].map(
      ([, name, version]) => `crates/${name}-${version}.crate`,
    );
    expect(done.document.data).toMatchObject({ stored: expect.arrayContaining(crates) });
    expect((await at.run(["world", "check", "world"])).stdout).toMatch(/is sound/u);
    expect((await at.run(["world", "seal", "world"])).exit).toBe(0);
    const lacking = await at.run(["world", "record", "world", "--url", "https://nothing.example/x"], { env: internet.person });
    expect([lacking.exit, lacking.stdout]).toEqual([1, expect.stringContaining("missing: https://nothing.example/x: HTTP 404")]);
    const secret = await at.run(["world", "record", "world", "--url", "https://me:key@data.example/x"]);
    expect([secret.exit, secret.stderr]).toEqual([2, expect.stringContaining("names a user")]);
    expect(secret.stderr).not.toContain("key");
  });
});
