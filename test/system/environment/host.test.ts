import { mkdir, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findHost, isTooOld, missingNix, nixVersionOf } from "../../../src/system/environment/host.ts";
import { type Entry, temporaryFolder, temporaryTree } from "../../world/tree.ts";

const nixThatSays = (text: string): Entry => ({ program: `#!/bin/sh\necho '${text}'\n` });

const hostJson = (bin: string, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    schema: "crq-host/1",
    system: "x86_64-linux",
    nix: { bin, version: "2.26.3", private: true },
    bwrap: "/p/bwrap",
    mount: "/p/mount",
    shell: "/p/sh",
    git: "/p/git",
    sandboxPaths: { "/bin/sh": "/p/static" },
    toolchain: { rustc: "1.95.0" },
    libraries: { zlib: "1.3" },
    fingerprint: "sha256:ab",
    ...more,
  });

describe("findHost", () => {
  test("takes the private prefix of a clone before what is on PATH", async () => {
    const packageRoot = await temporaryTree({
      "p/nix": { program: "" },
      "bin/nix": nixThatSays("nix (Nix) 2.34.8"),
      "bin/taskset": { program: "" },
    });
    const bin = join(packageRoot, "p");
    await mkdir(join(packageRoot, ".prefix"));
    await writeFile(join(packageRoot, ".prefix/host.json"), hostJson(bin, { systemNix: { bin: "/s/bin", version: "2.34.8" } }));
    expect(await findHost({ packageRoot, path: join(packageRoot, "bin") })).toEqual({
      system: "x86_64-linux",
      nix: { bin, version: "2.26.3", private: true },
      systemNix: { bin: "/s/bin", version: "2.34.8", private: false },
      bwrap: "/p/bwrap",
      git: "/p/git",
      mount: "/p/mount",
      shell: "/p/sh",
      taskset: join(packageRoot, "bin/taskset"),
      sandboxPaths: { "/bin/sh": "/p/static" },
      toolchain: { rustc: "1.95.0" },
      libraries: { zlib: "1.3" },
      fingerprint: "sha256:ab",
      problems: [],
    });
  });

  test("finds the programs on PATH where there is no prefix", async () => {
    const folder = await temporaryTree({
      "bin/nix": nixThatSays("nix (Nix) 2.34.8"),
      "bin/bwrap": { program: "" },
      "bin/git": { program: "" },
      "other/nix": nixThatSays("nix (Nix) 2.8.0"),
      "plain/bwrap": "not a program",
    });
    const at = (name: string): string => join(folder, name);
    const host = await findHost({ packageRoot: folder, path: ["relative", at("plain"), at("bin"), at("other")].join(":") });
    expect(host).toMatchObject({
      nix: { bin: at("bin"), version: "2.34.8", private: false },
      systemNix: { bin: at("bin"), version: "2.34.8", private: false },
      bwrap: at("bin/bwrap"),
      git: at("bin/git"),
      sandboxPaths: {},
      fingerprint: undefined,
      problems: [],
    });
    expect(host.system).toMatch(/^(x86_64|aarch64)-(linux|darwin)$/);
    expect(missingNix(host)).toBeUndefined();
    expect(await realpath(host.shell ?? "")).toMatch(/sh$/);
  });

  test("says what is wrong with a prefix, and goes on with PATH", async () => {
    const damaged = await temporaryTree({ ".prefix/host.json": "{ half", "bin/nix": nixThatSays("nix (Nix) 2.34.8") });
    const host = await findHost({ packageRoot: damaged, path: join(damaged, "bin") });
    expect(host.nix?.version).toBe("2.34.8");
    expect(host.problems).toEqual([
      expect.stringMatching(/\.prefix\/host\.json cannot be used: .*; next: run `sh scripts\/setup\.sh` in the clone again$/),
    ]);
    const gone = await temporaryTree({ ".prefix/host.json": hostJson("/nonexistent/bin") });
    expect((await findHost({ packageRoot: gone, path: "" })).problems).toEqual([
      expect.stringContaining("names a Nix in /nonexistent/bin that is not there"),
    ]);
    const other = await temporaryTree({ ".prefix/host.json": hostJson("/x", { schema: "crq-host/2" }) });
    expect((await findHost({ packageRoot: other, path: "" })).problems).toEqual([expect.stringContaining("schema")]);
  });
});

describe("Nix", () => {
  test("missing or too old is said with the next move", async () => {
    const packageRoot = await temporaryFolder();
    const without = await findHost({ packageRoot, path: "" });
    if (without.nix === undefined)
      expect(missingNix(without)).toMatch(
        /^Nix is missing; next: install it with `curl -L https:\/\/nixos\.org\/nix\/install \| sh`/,
      );
    expect(missingNix({ ...without, nix: { bin: "/old/bin", version: "2.8.0", private: false } })).toMatch(
      /^Nix 2\.8\.0 in \/old\/bin is too old, 2\.19 is needed; next: upgrade it/,
    );
  });

  test.each([
    ["nix (Nix) 2.26.3", "2.26.3"],
    ["nix (Determinate Nix 3.5.2) 2.28.3", "2.28.3"],
    ["nix (Lix, like Nix) 2.91.0", "2.91.0"],
    ["nix (Nix) 2.32.0pre20251001_abc", "2.32.0pre20251001_abc"],
    ["something else", undefined],
  ])("%s has the version %s", (text, version) => {
    expect(nixVersionOf(`${text}\n`)).toBe(version);
  });

  test.each([
    ["2.8.0", true],
    ["1.11.16", true],
    ["2.18.9", true],
    ["2.19.0", false],
    ["2.26.3", false],
    ["2.32.0pre1", false],
    ["3.0", false],
  ])("%s is too old: %s", (version, old) => {
    expect(isTooOld(version)).toBe(old);
  });
});
