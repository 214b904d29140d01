import { expect, it } from "vitest";
import { downloadNotes } from "../../../src/nix/gate/judge-texts.ts";

const url = 'pkgs.fetchurl { url = "https://example.org/a"; hash = ""; }';

it("says where a change brings a download, and not where a generated file lists what a lock pins", () => {
  expect(
    downloadNotes([
      { path: "flake.nix", before: undefined, after: url },
      { path: "nix/kept.nix", before: url, after: `${url} ` },
      { path: "Cargo.nix", before: undefined, after: url },
      { path: "nix/Cargo.nix", before: "", after: `${url} ${url}` },
      { path: "docs/a.md", before: undefined, after: url },
    ]),
  ).toEqual(["flake.nix: a new download with a fixed hash; it has network while it is fetched"]);
});
