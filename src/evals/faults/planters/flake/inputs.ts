import type { Draw } from "../../../draw.ts";
import { builderCall, inScope, withArgument } from "../../edit/flake-text.ts";
import { drawName } from "../../edit/words.ts";
import type { Planter } from "../../fault.ts";

/** Rows 20, 21 and 24, and inputs that are not there: locks, outputs, systems. */

/** A list of systems. */
const SYSTEMS = /\[\s*(?:"[\w-]+-(?:linux|darwin)"\s*)+\]/u;

const drawSystem = (draw: Draw): string => draw.pick(["aarch64-linux", "aarch64-darwin", "x86_64-darwin"]);

export const inputs: readonly Planter[] = [
  {
    name: "input-not-locked",
    row: 20,
    label: "lock-outdated",
    mechanical: true,
    plant({ files }, draw) {
      const text = files["flake.nix"] ?? "";
      const name = drawName(draw);
      const url = draw.pick(["github:nix-systems/default", "github:nix-systems/default-linux", "github:numtide/flake-utils"]);
      // A pattern of arguments without `...` must name it.
      const changed = text
        .replace(/inputs\.(\w[\w-]*)\.url = /u, (all) => `inputs.${name}.url = "${url}";\n  ${all}`)
        .replace(/\n( *)inputs = \{\n/u, (all, indent: string) => `${all}${indent}  ${name}.url = "${url}";\n`);
      if (changed === text) return undefined;
      const outputs = /outputs\s*=\s*(?:\w+@)?\{[^}]*\.\.\.[^}]*\}/u.test(changed)
        ? changed
        : changed.replace(/(outputs\s*=\s*\{)\s*/u, (_all, head: string) => `${head} ${name}, `);
      return { edits: { "flake.nix": outputs }, checkout: {}, what: `the input ${name} is declared and not locked` };
    },
  },
  {
    name: "lock-missing",
    row: 20,
    label: "lock-outdated",
    mechanical: true,
    plant: ({ files }) =>
      files["flake.lock"] === undefined
        ? undefined
        : { edits: { "flake.lock": null }, checkout: {}, what: "flake.lock is not there" },
  },
  {
    name: "ref-not-found",
    row: 0,
    label: "input-not-found",
    mechanical: false,
    why: "which branch was meant is for a person to say",
    plant({ files }, draw) {
      const text = files["flake.nix"] ?? "";
      const ref = `nixos-${30 + draw.number(9)}.${draw.pick(["05", "11"])}`;
      const changed = text.replace(/github:NixOS\/nixpkgs(?:\/[\w.-]+)?/u, `github:NixOS/nixpkgs/${ref}`);
      if (changed === text) return undefined;
      return {
        edits: { "flake.nix": changed, "flake.lock": null },
        checkout: {},
        what: `nixpkgs is to come from the branch ${ref}, and there is no lock`,
        options: ["--no-write-lock-file"],
      };
    },
  },
  {
    name: "default-missing",
    row: 21,
    label: "missing-output",
    mechanical: true,
    plant({ files, attribute }, draw) {
      const text = files["flake.nix"] ?? "";
      if (!attribute.endsWith(".default")) return undefined;
      const name = drawName(draw);
      const changed = text.replace(
        /(packages(?:\.\$\{system\}|\.x86_64-linux)?\.)default\b|(?<![.\w-])default(?= =)/u,
        (_all, head?: string) => `${head ?? ""}${name}`,
      );
      if (changed === text || !/packages/u.test(text)) return undefined;
      return { edits: { "flake.nix": changed }, checkout: {}, what: `packages has ${name} and no default` };
    },
  },
  {
    name: "system-missing",
    row: 21,
    label: "missing-output",
    mechanical: true,
    plant({ files }, draw) {
      const other = drawSystem(draw);
      const changed = (files["flake.nix"] ?? "").replace(SYSTEMS, `[ "${other}" ]`);
      return changed === files["flake.nix"] || changed === ""
        ? undefined
        : { edits: { "flake.nix": changed }, checkout: {}, what: `the flake's list has ${other} only` };
    },
  },
  {
    name: "other-system-alone",
    row: 21,
    label: "missing-output",
    mechanical: false,
    why: "whether the flake is to serve two systems or another one is a person's choice",
    plant({ files }, draw, { system }) {
      const text = files["flake.nix"] ?? "";
      if (SYSTEMS.test(text)) return undefined;
      const other = drawSystem(draw);
      const changed = text.replaceAll(`"${system}"`, `"${other}"`).replaceAll(`.${system}`, `.${other}`);
      return changed === text
        ? undefined
        : { edits: { "flake.nix": changed }, checkout: {}, what: `the flake is written for ${other} alone, without a list` };
    },
  },
  {
    name: "import-from-derivation",
    row: 24,
    label: "import-from-derivation",
    mechanical: true,
    plant({ files }, draw) {
      const call = builderCall(files);
      if (!call) return undefined;
      const writer = inScope(files, call, "writeText");
      const now = { ...files, ...writer.files };
      const place = builderCall(now) ?? call;
      const name = `${drawName(draw)}.nix`;
      const lines = [`passthru = import (${writer.name} "${name}" "{ }");`];
      return {
        edits: { ...writer.files, ...withArgument(now, place, lines) },
        checkout: {},
        what: `the flake imports ${name}, which is built first`,
      };
    },
  },
  {
    name: "foreign-system",
    row: 24,
    label: "foreign-system",
    mechanical: true,
    plant({ files }, draw) {
      const text = files["flake.nix"] ?? "";
      const other = draw.pick(["aarch64-linux", "riscv64-linux", "aarch64-darwin"]);
      const changed = text.replace(/legacyPackages\.(?:\$\{system\}|x86_64-linux)/u, `legacyPackages.${other}`);
      if (changed === text) return undefined;
      return { edits: { "flake.nix": changed }, checkout: {}, what: `the packages of ${other} stand under this system's name` };
    },
  },
];
