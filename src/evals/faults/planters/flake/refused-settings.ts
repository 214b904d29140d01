import { builderCall, withArgument } from "../../edit/flake-text.ts";
import { drawName } from "../../edit/words.ts";
import type { Files, Planter } from "../../fault.ts";

/** Flakes that want what the evaluator refuses them. */
export const refusedSettings: readonly Planter[] = [
  {
    name: "no-chroot",
    row: 0,
    label: "refused-setting",
    mechanical: false,
    why: "whether the build can do without is for a person to say",
    plant({ files }) {
      const call = builderCall(files);
      if (!call) return undefined;
      const edits: Files = withArgument(files, call, ["__noChroot = true;"]);
      return { edits, checkout: {}, what: "the package wants to be built outside the sandbox" };
    },
  },
  {
    name: "unpinned-download",
    row: 0,
    label: "refused-setting",
    mechanical: false,
    why: "what is downloaded must be pinned by a person",
    plant({ files }, draw) {
      const call = builderCall(files);
      if (!call) return undefined;
      const value = draw.pick([
        `builtins.readFile (builtins.fetchurl "https://data.example.org/${drawName(draw)}.txt")`,
        `builtins.readFile (builtins.fetchTarball "https://data.example.org/${drawName(draw)}.tar.gz" + "/list")`,
        `(import <nixpkgs> { }).hello`,
      ]);
      return { edits: withArgument(files, call, [`NOTE = ${value};`]), checkout: {}, what: `NOTE = ${value}` };
    },
  },
];
