import { expect } from "vitest";
import type { Diagnosis, DiagnosisFacts } from "../../../../src/nix/diagnosis.ts";
import { codeEdit } from "../../../../src/nix/mechanics/code/cures.ts";
import type { CodePlace } from "../../../../src/nix/mechanics/code/edit/code-edit.ts";
import { parseNix } from "../../recipes/nix-command.ts";

/** Cases of cures of Nix code: what a failure changes in a flake that somebody wrote, which Nix parses, and nothing on a second look. */

export type More = Partial<Pick<Diagnosis, "excerpt" | "message" | "position">>;

export interface Case {
  readonly about: string;
  readonly facts: DiagnosisFacts;
  /** Lines that stand in the flake before and after; the rest of it is the same. */
  readonly before: string;
  /** undefined: the cure is not certain. */
  readonly after: string | undefined;
  readonly more?: More;
  readonly place?: Partial<CodePlace>;
}

export const diagnosis = ({ facts, more }: Case): Diagnosis => ({
  ...facts,
  stage: "build",
  message: "",
  excerpt: "",
  next: "",
  fingerprint: "x",
  ...more,
});

const HEAD = '{\n  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";\n';
const TAIL = "}\n";
export const flake = (body: string): string => `${HEAD}${body}${TAIL}`;

export async function check(cases: readonly Case[], shape: (body: string) => string): Promise<void> {
  const texts: string[] = [];
  for (const each of cases) {
    const place: CodePlace = {
      files: [{ path: "flake.nix", text: shape(each.before) }],
      tracked: [
        "flake.nix",
        "Cargo.toml",
        "Cargo.lock",
        "src/main.rs",
        "assets/text.txt",
        ".sqlx/query-1.json",
        "common/Cargo.toml",
      ],
      guess: false,
      ...each.place,
    };
    const edit = codeEdit(diagnosis(each), place);
    expect({ about: each.about, after: edit?.after }).toEqual({
      about: each.about,
      after: each.after === undefined ? undefined : shape(each.after),
    });
    if (!edit) continue;
    texts.push(edit.after);
    // A second look finds nothing to do.
    const again = codeEdit(diagnosis(each), { ...place, files: [{ path: "flake.nix", text: edit.after }] });
    expect({ about: each.about, again: again?.after }).toEqual({ about: each.about, again: undefined });
  }
  // Cases are short: what they leave out may be bound anywhere.
  await parseNix(`with { }; [ ${texts.map((text) => `(${text})`).join(" ")} ]`);
}

/** A package of buildRustPackage for one system; the case is a part of its arguments. */
export const withArguments = (inner: string): string =>
  flake(`  outputs = { self, nixpkgs }:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
    in
    {
      packages.x86_64-linux.tool = pkgs.rustPlatform.buildRustPackage {
        pname = "tool";
${inner}
      };
    };
`);
