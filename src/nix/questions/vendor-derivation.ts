import { z } from "zod";

/** The fixed-output derivation that a package's crates come from, if `cargoHash` pins them. */
export interface VendorDerivation {
  readonly drvPath: string;
  /** Store path. */
  readonly output: string;
  readonly hash: string;
}

/**
 * A function of a package. `cargoDeps` is what nixpkgs' buildRustPackage passes on: with `fetchCargoVendor` a folder made from the
 * fixed-output `vendorStaging`, before that the fixed-output derivation itself, and with `cargoLock` neither. (A set with an `outPath` is
 * printed as that path alone.)
 */
export const VENDOR_DERIVATION = `package:
  let
    vendored = package.cargoDeps or { };
    fixed = if vendored ? vendorStaging then vendored.vendorStaging else vendored;
    plain = builtins.unsafeDiscardStringContext;
  in
    if (fixed.type or null) == "derivation" && (fixed.outputHash or null) != null then
      { drvPath = plain fixed.drvPath; output = plain fixed.outPath; hash = fixed.outputHash; }
    else null`;

const answer = z.object({ drvPath: z.string(), output: z.string(), hash: z.string() }).nullable();

/** @throws ZodError for an answer of another form */
export const readVendorDerivation = (value: unknown): VendorDerivation | undefined => answer.parse(value) ?? undefined;
