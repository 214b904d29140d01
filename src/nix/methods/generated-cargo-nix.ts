import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nixString } from "../attribute-path.ts";
import { GRACE, type NixAsker, TIMEOUT } from "../call/asker.ts";
import { flakeReferenceOf } from "../call/flake-directory.ts";
import type { CargoNixRequest, GeneratedCargoNix, NixResult, RunNixOptions } from "../nix.ts";
import { readBuilt } from "./build-attributes.ts";

/**
 * What crate2nix writes for a project, by the crate2nix that its flake has locked. The tool runs in Nix's sandbox on the tracked files, so
 * that neither the repository's cargo configuration nor the tool can touch anything; the crates come by the checksums of Cargo.lock.
 */

/** A flake of our own around the project's: what an input offers can be built without the project saying so in its outputs. */
const flakeAround = (project: string, system: string, { input, folder, manifest }: CargoNixRequest): string => `{
  inputs.project.url = ${nixString(project)};
  outputs = { project, ... }: {
    generated = project.inputs.\${${nixString(input)}}.tools.\${${nixString(system)}}.generatedCargoNix {
      name = "project";
      src = ${folder === "." ? `"\${project}"` : `"\${project}/" + ${nixString(folder)}`};
      cargoToml = ${nixString(manifest)};
    };
  };
}
`;

export async function generateCargoNix(
  asker: NixAsker,
  system: string,
  flakeDirectory: string,
  request: CargoNixRequest,
  options?: RunNixOptions,
): Promise<NixResult<GeneratedCargoNix>> {
  const around = await mkdtemp(join(tmpdir(), "crq-cargo-nix-"));
  try {
    await writeFile(join(around, "flake.nix"), flakeAround(await flakeReferenceOf(flakeDirectory), system, request));
    // Crates from git are read while evaluating (crate2nix, tools.nix); nothing is judged by this call.
    const settings = ["--no-write-lock-file", "--option", "allow-import-from-derivation", "true"];
    const args = ["build", "--no-link", "--json", ...settings, `path:${around}#generated`];
    const place = { cwd: flakeDirectory, writable: [around] };
    const build = { args, ...place, stage: "build", timeout: TIMEOUT.build, graceMs: GRACE.build, options } as const;
    const built = await asker.ask(build, (called) => readBuilt(called)[0]?.outputs.out ?? "");
    if (!built.ok) return built;
    const read = (file: string): Promise<NixResult<string>> =>
      asker.ask(
        { args: ["store", "cat", `${built.value}/${file}`], cwd: flakeDirectory, stage: "build", timeout: TIMEOUT.log, options },
        (called) => called.stdout,
      );
    const [cargoNix, crateHashes] = [await read("crate/Cargo-generated.nix"), await read("crate-hashes.json")];
    if (!cargoNix.ok) return cargoNix;
    return {
      ...built,
      value: {
        cargoNix: withPlainHeader(cargoNix.value),
        ...(crateHashes.ok && crateHashes.value.replaceAll(/\s/gu, "") !== "{}" && { crateHashes: crateHashes.value }),
      },
    };
  } finally {
    await rm(around, { recursive: true, force: true });
  }
}

/** The first lines name the command with its store paths, which would differ in every run. */
const withPlainHeader = (text: string): string => text.replace(/^#[ \t]+"generate".*$/mu, '#   "generate"');
