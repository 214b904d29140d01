import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { silentProgram } from "../../../src/crq/criteria/canaries/silent-program.ts";

/** Flakes without inputs that hold real programs: Nix builds them with its own `builtin:buildenv` or the sandbox's /bin/sh. */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");

/** A program that prints a text to stdout and ends with a code. */
export function printingProgram(text: string, exit = 0): Buffer {
  const message = Buffer.from(text);
  const silent = silentProgram(process.arch);
  if (!silent || process.arch !== "x64") throw new Error("the tests' programs are written for x86_64 Linux");
  const header = Buffer.from(silent.subarray(0, 120));
  // mov eax,1; mov edi,1; lea rsi,[rip+N]; mov edx,LEN; syscall; mov edi,EXIT; mov eax,60; syscall
  const code = Buffer.from([
    ...[0xb8, 1, 0, 0, 0, 0xbf, 1, 0, 0, 0, 0x48, 0x8d, 0x35, 19, 0, 0, 0, 0xba],
    ...[message.length & 0xff, message.length >> 8, 0, 0, 0x0f, 0x05],
    ...[0xbf, exit, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05],
  ]);
  const program = Buffer.concat([header, code, message]);
  program.writeBigUInt64LE(BigInt(program.length), 64 + 32);
  program.writeBigUInt64LE(BigInt(program.length), 64 + 40);
  return program;
}

/** A package `greet` whose output links to the folder `tree` of the flake itself, with more outputs put behind it. */
export const treeFlake = (more = ""): string => `{
  description = "greet";
  outputs = { self }: {
    packages.x86_64-linux.greet = derivation {
      name = "greet";
      system = "builtin";
      builder = "builtin:buildenv";
      derivations = [ "true" "5" "1" "\${self}/tree" ];
      manifest = "/dummy";
    };
    ${more}
  };
}
`;

/** A development shell over the folder `tools` of the flake; `hook` is its shellHook. */
export const shellOutput = (hook = ""): string => `
    devShells.x86_64-linux.default = derivation {
      name = "shell";
      system = "x86_64-linux";
      builder = "\${self}/tools/bash";
      outputs = [ "out" ];
      PATH = "\${self}/tools";
      shellHook = ${JSON.stringify(hook)};
    };`;

/** One derivation built by `sh -c`. */
export const shDerivation = (name: string, script: string): string =>
  `derivation { name = "${name}"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" ''${script}'' ]; }`;

/** A real bash without libraries, from the prefix. */
export function placeBash(directory: string): void {
  const host: { sandboxPaths: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, ".prefix/host.json"), "utf8"));
  mkdirSync(join(directory, "tools"), { recursive: true });
  copyFileSync(host.sandboxPaths["/bin/sh"] ?? "", join(directory, "tools/bash"));
}
