import { crateNamed, newCrate, underTable } from "../../edit/manifests.ts";
import type { Planter } from "../../fault.ts";

/** Row 6: Cargo.lock missing, kept out, behind Cargo.toml, or of a version that is not known. */

export const lockFile: readonly Planter[] = [
  {
    name: "cargo-lock-missing",
    row: 6,
    label: "cargo-lock",
    mechanical: true,
    plant: ({ files }) =>
      files["Cargo.lock"] === undefined
        ? undefined
        : { edits: { "Cargo.lock": null }, checkout: {}, what: "there is no Cargo.lock" },
  },
  {
    name: "cargo-lock-ignored",
    row: 6,
    label: "cargo-lock",
    mechanical: true,
    plant({ files }, draw) {
      const lock = files["Cargo.lock"];
      if (lock === undefined) return undefined;
      const rule = draw.pick(["Cargo.lock", "/Cargo.lock", "Cargo.loc[k]"]);
      return {
        edits: { "Cargo.lock": null, ".gitignore": `${files[".gitignore"] ?? ""}${rule}\n` },
        checkout: { "Cargo.lock": lock },
        what: `.gitignore keeps Cargo.lock out by the rule ${rule}`,
      };
    },
  },
  {
    name: "cargo-lock-behind",
    row: 6,
    label: "cargo-lock",
    mechanical: true,
    plant({ files, programs: [first] }, draw, supply) {
      const crate = first && crateNamed(files, first.crate);
      const wanted = newCrate(files, supply, draw.some(["itoa", "hex", "ryu", "fastrand", "smallvec"], 5))?.[0];
      if (!crate || !wanted) return undefined;
      const { name } = wanted;
      const manifest = underTable(files[crate.manifest] ?? "", "dependencies", `${name} = "${wanted.version}"\n`);
      return {
        edits: { [crate.manifest]: manifest },
        checkout: {},
        what: `Cargo.toml asks for ${name}, Cargo.lock does not have it`,
      };
    },
  },
  {
    name: "cargo-lock-too-new",
    row: 6,
    label: "cargo-lock",
    mechanical: false,
    why: "a cargo that reads it does not exist in the world",
    plant({ files }, draw) {
      const version = draw.pick(["5", "6", "7"]);
      const lock = (files["Cargo.lock"] ?? "").replace(/^version = \d+$/mu, `version = ${version}`);
      return { edits: { "Cargo.lock": lock }, checkout: {}, what: `Cargo.lock is of version ${version}` };
    },
  },
];
