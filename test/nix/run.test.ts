import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { derivation, NixPlace } from "./place.ts";

const place = new NixPlace();
const { nix } = place;
afterAll(() => place.close());

const hello = `{
  outputs = { self }: {
    packages.x86_64-linux.default = ${derivation("hello-1.0", "echo hi > $out")};
    packages.x86_64-linux."two.parts" = ${derivation("two-1.0", "echo two > $out")};
    packages.aarch64-linux.default = ${derivation("hello-1.0", "echo hi > $out")} // { system = "aarch64-linux"; };
  };
}`;

describe("a flake that builds", () => {
  test("is evaluated, built and logged", async () => {
    const flake = await place.flake('it\'s a "flake" ünïcode', { "flake.nix": hello });
    const before = nix.processes;
    expect(await nix.evaluate(flake, "packages.x86_64-linux.default.name")).toMatchObject({ ok: true, value: "hello-1.0" });
    expect(await nix.evaluate(flake, "packages", { apply: "builtins.attrNames" })).toMatchObject({
      ok: true,
      value: ["aarch64-linux", "x86_64-linux"],
    });
    expect(await nix.evaluate(flake, "", { apply: "builtins.attrNames" })).toMatchObject({ ok: true, value: ["packages"] });
    expect(nix.processes - before).toBe(3);
    const built = await nix.build(flake, ['packages.x86_64-linux."two.parts"', "packages.x86_64-linux.default"]);
    if (!built.ok) expect.fail(built.log);
    expect(
      built.value.map(({ installable, drvPath, outputs }) => [
        installable,
        drvPath.slice(44),
        readFileSync(place.environment.hostPath(outputs["out"] ?? ""), "utf8"),
      ]),
    ).toEqual([
      ['packages.x86_64-linux."two.parts"', "two-1.0.drv", "two\n"],
      ["packages.x86_64-linux.default", "hello-1.0.drv", "hi\n"],
    ]);
    expect(nix.processes - before).toBe(5);
  });
});
