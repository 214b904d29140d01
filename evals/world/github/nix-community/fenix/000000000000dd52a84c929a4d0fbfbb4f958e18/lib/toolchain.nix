# The components of one release for one target, with names and combinations.
{ lib, pkgs, combine }:
suffix:
{ release, date, target, components }:
let
  component = more: name: pkgs.hostRustComponent ({
    component = name;
    inherit release target;
    pname = "${name}${suffix}";
    version = date;
  } // more);
  own = lib.genAttrs components (component { });
  # All there is, which on a host need not be all that the release had.
  every = lib.genAttrs (lib.remove "rustc-dev" components) (component { optional = true; });
  with' = what: parts: combine "${what}${suffix}-with-${parts}-${date}";
  combined = own
    // { toolchain = combine "rust${suffix}-${date}" (lib.attrValues every); }
    // lib.optionalAttrs (own ? rustc) {
      rustc = with' "rust" "std" [ own.rustc own.rust-std ] // { unwrapped = own.rustc; };
      rustc-unwrapped = own.rustc;
    }
    // lib.optionalAttrs (own ? clippy-preview) {
      clippy-preview = with' "clippy" "std" [ own.clippy-preview own.rustc own.rust-std ] // { unwrapped = own.clippy-preview; };
      clippy-preview-unwrapped = own.clippy-preview;
      clippy-unwrapped = own.clippy-preview;
    }
    // lib.optionalAttrs (own ? miri-preview) {
      miri-preview = with' "clippy" "src" [ own.miri-preview own.rustc own.rust-src ] // { unwrapped = own.miri-preview; };
      miri-preview-unwrapped = own.miri-preview;
      miri-unwrapped = own.miri-preview;
    };
  named = combined // lib.mapAttrs' (name: lib.nameValuePair (lib.removeSuffix "-preview" name)) combined;
in
named // {
  withComponents = names: combine "rust${suffix}-with-components-${date}" (lib.attrVals names named);
}
