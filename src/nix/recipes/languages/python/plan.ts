import type { PlannedInput } from "../../plan.ts";

/** What a flake of a Python project is to contain; the recipe turns it into text and knows nothing else. */
export interface PythonFlakePlan {
  /** nixpkgs first. */
  readonly inputs: readonly PlannedInput[];
  readonly systems: readonly string[];
  /** Folder of the project relative to the flake. */
  readonly root: string;
  /** Name under `packages.SYSTEM`, besides `default`, and of the package. */
  readonly name: string;
  readonly version: string;
  /** Attribute of the packages' set: `python3Packages`. */
  readonly packages: string;
  /** Attributes below it. */
  readonly buildSystem: readonly string[];
  readonly dependencies: readonly { readonly attribute: string; readonly extras: readonly string[] }[];
  /** Packages whose requirement the wheel must forget, since nixpkgs has them under another name. */
  readonly removedRequirements: readonly string[];
  readonly tests?: {
    readonly by: "pytest" | "unittest";
    /** Attributes below the packages' set. */
    readonly inputs: readonly string[];
    readonly flags: readonly string[];
    readonly startPrograms: boolean;
    readonly wantHome: boolean;
  };
  readonly modules: readonly string[];
  /** The backend asks git's tags for the version, and is told it instead. */
  readonly versionFromGit: boolean;
  readonly programs: readonly string[];
  readonly description?: string;
  /** Below `lib.licenses`. */
  readonly licenses: readonly string[];
}
