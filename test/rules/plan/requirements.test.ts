// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the format look like those of a template
import { describe, expect, it } from "vitest";
import { type Check, checkSchema } from "../../../src/crq/checks.ts";
import type { Criterion } from "../../../src/crq/model.ts";
import { requirementsOf } from "../../../src/rules/plan/requirements.ts";

const criterion = (id: string, ...checks: readonly object[]): Criterion => ({
  id,
  text: "",
  place: { line: 1, column: 1 },
  need: "all",
  checks: checks.map((check): Check => checkSchema.parse(check)),
});

describe("requirementsOf", () => {
  it("reads every kind of check that asks something of a flake", () => {
    expect(
      requirementsOf(
        {
          criteria: [
            criterion(
              "AC-1",
              { kind: "nix-build", attr: "packages.${system}.tool", files: ["bin/tool", "share/doc"] },
              { kind: "run", argv: ["${out:AC-1.0}/bin/helper"], stdout: { regex: "x" } },
            ),
            criterion("AC-2", { kind: "dev-shell", shell: "msrv", run: { argv: ["just", "--version"] } }),
            criterion("AC-3", {
              kind: "flake-outputs",
              require: ["apps.${system}.go", "formatter.${system}", "checks.${system}.lint", "devShells.${system}.default"],
            }),
            criterion("AC-4", { kind: "flake-check", require: ["test"] }),
            criterion("AC-5", { kind: "lock", require: ["nixpkgs", "naersk"] }),
            criterion("AC-6", { kind: "doc", files: ["README.md"], headings: ["Nix"], mentions: ["nix build"] }),
            { ...criterion("AC-7", { kind: "lock", require: ["gone"] }), withdrawn: "2026-01-01: no" },
            criterion("AC-8", { kind: "command", argv: ["x"], why: "y" }),
          ],
        },
        "x86_64-linux",
      ),
    ).toEqual({
      packages: new Map([["tool", new Set(["tool", "helper"])]]),
      checks: new Set(["lint", "test"]),
      apps: new Set(["go"]),
      shells: new Map([
        ["msrv", [["just", "--version"]]],
        ["default", []],
      ]),
      formatter: true,
      inputs: new Set(["nixpkgs", "naersk"]),
      docs: [{ file: "README.md", headings: ["Nix"], mentions: ["nix build"] }],
      builds: ["packages.x86_64-linux.tool"],
      scopes: [],
      beyond: ["AC-8: a check of kind command asks for something that no recipe makes"],
    });
  });
});
