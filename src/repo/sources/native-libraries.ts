import { BUILD_PROGRAM_CRATES } from "./native/build-programs.ts";
import { DATA } from "./native/data.ts";
import { DESKTOP } from "./native/desktop.ts";
import { DEVICES } from "./native/devices.ts";
import { MEDIA } from "./native/media.ts";
import { NETWORK } from "./native/network.ts";
import type { NativeLibrary } from "./native/row.ts";
import { SCIENCE } from "./native/science.ts";

/**
 * What a crate's build script wants from outside Cargo, as data: crate name in Cargo.lock → attributes of nixpkgs. Sources: the build
 * scripts of the crates themselves (which library they probe for, which environment variable makes them use the system's copy) and
 * nixpkgs' defaultCrateOverrides; where each attribute stands in nixpkgs is written in test/repo/sources/nixpkgs-attributes.json. The
 * gate evaluates every attribute against the locked nixpkgs before it counts. A crate that compiles its own copy with nothing but a C
 * compiler has no row.
 */
export const NATIVE_LIBRARIES: readonly NativeLibrary[] = [
  ...NETWORK,
  ...DATA,
  ...DEVICES,
  ...MEDIA,
  ...DESKTOP,
  ...SCIENCE,
  ...BUILD_PROGRAM_CRATES,
];

export type { BundledCopy, NativeLibrary } from "./native/row.ts";

/** Attributes that rows of Linux name and that are at home on other systems too. */
const ELSEWHERE_TOO: ReadonlySet<string> = new Set(["zlib", "xz", "fontconfig"]);

/** Attributes that exist on Linux only, whoever asks for them. */
export const LINUX_ONLY: ReadonlySet<string> = new Set(
  NATIVE_LIBRARIES.filter((row) => row.when === "linux").flatMap((row) =>
    row.buildInputs.filter((attribute) => !ELSEWHERE_TOO.has(attribute)),
  ),
);
