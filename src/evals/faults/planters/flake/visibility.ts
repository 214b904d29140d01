import { builderCall, withArgument } from "../../edit/flake-text.ts";
import { atStartOfMain, crateNamed } from "../../edit/manifests.ts";
import { drawName, drawWord } from "../../edit/words.ts";
import type { Files, GoodRepository, Planter } from "../../fault.ts";

/** Row 1: files that Nix does not see, because git does not track them. */

/** A description in a file of its own, which the flake imports. */
function imported({ files }: GoodRepository, path: string): Files | undefined {
  const call = builderCall(files);
  if (!call) return undefined;
  const up = call.file.includes("/") ? "../".repeat(call.file.split("/").length - 1) : "./";
  return withArgument(files, call, [`passthru = import ${up}${path};`]);
}

export const visibility: readonly Planter[] = [
  {
    name: "untracked-nix-file",
    row: 1,
    label: "untracked-file",
    mechanical: true,
    plant(repository, draw) {
      const path = `${draw.pick(["nix", "build", "etc/nix"])}/${drawName(draw)}.nix`;
      const edits = imported(repository, path);
      if (!edits) return undefined;
      return {
        edits,
        checkout: { [path]: `{ team = "${drawName(draw)}"; }\n` },
        what: `the flake imports ${path}, which was never added to git`,
      };
    },
  },
  {
    name: "ignored-nix-file",
    row: 1,
    label: "untracked-file",
    mechanical: false,
    why: "to track what .gitignore keeps out is a person's decision",
    plant(repository, draw) {
      const name = drawName(draw);
      const edits = imported(repository, `local/${name}.nix`);
      if (!edits) return undefined;
      return {
        edits: {
          ...edits,
          ".gitignore": `${repository.files[".gitignore"] ?? ""}${draw.pick(["/local/", "local", "/local/*.nix"])}\n`,
        },
        checkout: { [`local/${name}.nix`]: `{ team = "${drawName(draw)}"; }\n` },
        what: `the flake imports local/${name}.nix, which .gitignore keeps out`,
      };
    },
  },
  {
    name: "untracked-module",
    row: 1,
    label: "untracked-file",
    mechanical: true,
    plant({ files, programs: [first] }, draw) {
      const crate = first && crateNamed(files, first.crate);
      const source = crate && files[crate.main];
      if (!crate || source === undefined) return undefined;
      const word = drawWord(draw);
      // A module of src/bin/x.rs or app/start.rs lies beside it.
      const folder = crate.main.slice(0, crate.main.lastIndexOf("/") + 1);
      return {
        edits: { [crate.main]: atStartOfMain(`mod ${word};\n${source}`, `    ${word}::ready();\n`) },
        // Every src/bin/x.rs is a program to cargo; a folder is one only with a main.rs.
        checkout: { [`${folder}${folder.endsWith("src/bin/") ? `${word}/mod` : word}.rs`]: "pub fn ready() {}\n" },
        what: `${crate.main} declares the module ${word}, whose file was never added to git`,
      };
    },
  },
];
