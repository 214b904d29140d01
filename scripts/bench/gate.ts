import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPlace, projectSettings } from "../../src/commands/wiring/open-place.ts";
import { configSchema } from "../../src/config.ts";
import type { JobPlace } from "../../src/jobs/job-place.ts";
import { openPrompts } from "../../src/jobs/prompts.ts";
import { createGate } from "../../src/jobs/work/gate/proposal-gate.ts";
import { createWorkspace } from "../../src/repo/workspace/workspace.ts";
import { git } from "../../src/system/git.ts";
import { createProposals } from "../../src/tools/proposals.ts";
import { proposeTool } from "../../src/tools/propose.ts";
import { bare, demoPlace } from "./demo-place.ts";
import { type Bench, inTurn } from "./figure.ts";

const cache = join(import.meta.dirname, "../../.prefix/cache/crq-agent");

/** A flake as a person would write it; what is measured is the judgement, not the writing. */
const FLAKE = `{
  description = "tally";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      forEachSystem = nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ];
    in
    {
      packages = forEachSystem (system: {
        default = nixpkgs.legacyPackages.\${system}.rustPlatform.buildRustPackage {
          pname = "tally";
          version = "0.3.1";
          src = ./.;
          cargoLock.lockFile = ./Cargo.lock;
        };
      });
      devShells = forEachSystem (system: {
        default = nixpkgs.legacyPackages.\${system}.mkShell { packages = [ nixpkgs.legacyPackages.\${system}.cargo ]; };
      });
    };
}
`;

export const gate: Bench = {
  about: "the proposal gate (parse, policy, lock, evaluate) against the bare nix commands it stands for",
  bound: { side: "at most", ratio: 1.3 },
  async run() {
    const demo = await demoPlace(cache);
    const open = await openPlace(demo.context, {
      world: { mode: "replay", folder: "shipped" },
      scratch: join(demo.base, "scratch"),
    });
    const scratch = mkdtempSync(join(tmpdir(), "crq-agent-gate-"));
    try {
      const workspace = await createWorkspace(demo.repo, join(scratch, "tree"));
      const fresh = async (): Promise<void> => {
        await git(["reset", "--quiet", "--hard", workspace.base], { cwd: workspace.directory });
        await git(["clean", "-fdq"], { cwd: workspace.directory });
      };
      const place: JobPlace = {
        environment: open.environment,
        nix: open.nix,
        prompts: openPrompts(demo.context.packageRoot),
        limits: {},
        maxOutputTokens: 1,
        signal: demo.context.signal,
        now: Date.now,
        agent: "bench",
        sessionFolder: scratch,
        workFolder: scratch,
        baselineFolder: scratch,
        progress: () => undefined,
        redact: (text) => text,
        settings: projectSettings(configSchema.parse({})),
      };
      const judged = async (): Promise<number> => {
        await fresh();
        const gate = createGate({ place, workspace, yes: false, cargoRoot: async () => ".", systems: [open.nix.system] });
        const tool = proposeTool(
          createProposals({ directory: workspace.directory, base: workspace.base, gate, guard: () => undefined }),
        );
        const started = performance.now();
        const result = await tool.run(
          { edits: [{ path: "flake.nix", create: FLAKE }] },
          { signal: demo.context.signal, note: () => undefined },
        );
        if (result.isError) throw new Error(result.text);
        return performance.now() - started;
      };
      const nix = join(open.environment.nixBin ?? "", "nix");
      const flags = ["--extra-experimental-features", "nix-command flakes"];
      const system = open.nix.system;
      const byHand = async (): Promise<number> => {
        await fresh();
        const { directory } = workspace;
        const started = performance.now();
        writeFileSync(join(directory, "flake.nix"), FLAKE);
        await bare(open.environment, directory, [join(open.environment.nixBin ?? "", "nix-instantiate"), "--parse", "flake.nix"]);
        await git(["add", "--intent-to-add", "flake.nix"], { cwd: directory });
        await bare(open.environment, directory, [nix, ...flags, "flake", "lock"]);
        const eachDrv = "builtins.mapAttrs (_: p: p.drvPath)";
        await bare(open.environment, directory, [
          nix,
          ...flags,
          "eval",
          "--json",
          `.#packages.${system}`,
          "--apply",
          eachDrv,
          "--option",
          "eval-cache",
          "false",
        ]);
        await bare(open.environment, directory, [
          nix,
          ...flags,
          "eval",
          "--json",
          `.#devShells.${system}`,
          "--apply",
          eachDrv,
          "--option",
          "eval-cache",
          "false",
        ]);
        return performance.now() - started;
      };
      return { ...(await inTurn(9, judged, byHand)), unit: "ms" };
    } finally {
      await open.close();
      rmSync(scratch, { recursive: true, force: true });
      demo.close();
    }
  },
};
