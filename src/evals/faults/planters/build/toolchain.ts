import { builderCall, withArgument } from "../../edit/flake-text.ts";
import { crateNamed, newCrate, underTable, withDependency } from "../../edit/manifests.ts";
import { drawName } from "../../edit/words.ts";
import type { Planter } from "../../fault.ts";

/** Rows 3 and 27: compilers that are too old, too stable, or not the same everywhere. */

export const toolchain: readonly Planter[] = [
  {
    name: "rust-version-too-new",
    row: 3,
    label: "toolchain",
    mechanical: false,
    why: "no toolchain of that version exists in the world",
    plant({ files, programs: [first] }, draw) {
      const crate = first && crateNamed(files, first.crate);
      if (!crate) return undefined;
      const version = `1.${120 + draw.number(60)}`;
      const manifest = underTable(files[crate.manifest] ?? "", "package", `rust-version = "${version}"\n`);
      return { edits: { [crate.manifest]: manifest }, checkout: {}, what: `${crate.name} asks for Rust ${version}` };
    },
  },
  {
    name: "feature-on-stable",
    row: 3,
    label: "toolchain",
    mechanical: false,
    why: "a nightly toolchain is a decision, and the world has none",
    plant({ files, programs: [first] }, draw) {
      const crate = first && crateNamed(files, first.crate);
      if (!crate) return undefined;
      const feature = draw.pick(["test", "box_patterns", "portable_simd", "never_type", "rustc_private"]);
      return {
        edits: { [crate.main]: `#![feature(${feature})]\n${files[crate.main] ?? ""}` },
        checkout: {},
        what: `${crate.main} asks for the unstable feature ${feature}`,
      };
    },
  },
  {
    name: "edition-too-new",
    row: 3,
    label: "toolchain",
    mechanical: false,
    why: "no toolchain of the world knows that edition",
    plant({ files, programs: [first] }, draw) {
      const crate = first && crateNamed(files, first.crate);
      if (!crate) return undefined;
      const edition = draw.pick(["2027", "2030"]);
      const manifest = (files[crate.manifest] ?? "").replace(/^edition = ".*"$/mu, `edition = "${edition}"`);
      return { edits: { [crate.manifest]: manifest }, checkout: {}, what: `${crate.name} is of edition ${edition}` };
    },
  },
  {
    // The world has one compiler: what a second one would have compiled is marked as its work, byte for byte.
    name: "mixed-toolchains",
    row: 27,
    label: "mixed-toolchains",
    mechanical: false,
    why: "the wrapper that mixes them is the project's own program",
    plant(repository, draw, supply) {
      const { files } = repository;
      const [first] = repository.programs;
      const crate = first && crateNamed(files, first.crate);
      const closure = newCrate(files, supply, ["itoa"]);
      const call = builderCall(files);
      if (!crate || !closure || call?.builder !== "buildRustPackage") return undefined;
      const path = `tools/${drawName(draw)}.sh`;
      const added = withDependency(files, crate, closure);
      const source = `${files[crate.main] ?? ""}\npub fn shown_number() -> String {\n    itoa::Buffer::new().format(42).to_owned()\n}\n`;
      const wrapped = withArgument(files, call, [`preBuild = ''`, `  export RUSTC_WRAPPER=$PWD/${path}`, "'';"]);
      return {
        edits: {
          ...added,
          ...wrapped,
          [crate.main]: source,
          [path]: `#!/bin/sh\n"$@" || exit\ncase " $* " in\n  *" --crate-name itoa "*) find . /build -name 'libitoa-*' -type f -exec sed -i 's/rustc 1\\.\\([0-9][0-9]\\)\\./rustc 1.11./g' {} + ;;\nesac\n`,
        },
        checkout: {},
        what: "a dependency is the work of another compiler",
      };
    },
  },
];
