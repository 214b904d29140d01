import { randomUUID } from "node:crypto";
import { chmod, cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { commitAll, place } from "../place.ts";
import { PACKAGE_ROOT } from "../world.ts";
import { nixPlace, onMachine, recordFlakes } from "./recorded-build.ts";

const DRIVER = join(PACKAGE_ROOT, "test/docs/fixtures/driver");

describe("a bootstrap driver (stage 0 builds a tool, stage 1 the program with it)", { timeout: 300_000 }, () => {
  it("is recorded outside of its root, and Nix alone builds the same program from its steps", async () => {
    const at = await place();
    const nix = await nixPlace();
    onTestFinished(() => nix.close());
    const root = await at.repository({ "RUN.md": randomUUID() }, "rust root");
    await cp(DRIVER, root, { recursive: true });
    await chmod(join(root, "x"), 0o755);
    // Nothing of an earlier run is in the store then.
    const library = join(root, "src/units/lib.rs");
    for (const path of ["src/units/lib.rs", "src/tools/tablegen.rs", "src/main.rs"])
      await writeFile(join(root, path), `${await readFile(join(root, path), "utf8")}// ${randomUUID()}\n`);
    const tree = await commitAll(root, "driver");

    const build = join(at.folder, "build dir");
    await recordFlakes(at, root, ["./x", "build", "--build-dir", build], { record: ["--build", build] });
    const changed = await onMachine(at, root, ["git", "diff", "--stat", "--name-only", tree, "HEAD", "--", ":!steps"]);
    expect(changed.stdout).toBe("");

    const first = await nix.build(root);
    expect(first.built).toEqual([
      "step-0001-rustc-tablegen",
      "step-0002-tablegen-table.rs",
      "step-0003-rustc-units",
      "step-0004-rustc-convert",
      "steps",
    ]);
    for (const words of [["3", "mile"], ["x", "mile"], []]) {
      const recorded = await onMachine(at, root, [join(build, "stage1/bin/convert"), ...words]);
      const { exit, stdout, stderr } = await nix.run([`${first.out}/bin/convert`, ...words]);
      expect({ exit, stdout, stderr }).toEqual({ exit: recorded.exit, stdout: recorded.stdout, stderr: recorded.stderr });
    }
    expect(await nix.run([`${first.out}/bin/convert`, "3", "mile"])).toMatchObject({ exit: 0, stdout: "3 mile = 4828.032 m\n" });

    await writeFile(library, `${await readFile(library, "utf8")}// changed\n`);
    expect((await nix.build(root)).built).toEqual(["step-0003-rustc-units", "step-0004-rustc-convert", "steps"]);
  });
});
