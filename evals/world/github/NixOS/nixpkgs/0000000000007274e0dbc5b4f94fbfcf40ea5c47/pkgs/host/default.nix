# What comes from the host: the C library, the compiler's run-time libraries and the small tools, copied into store paths of their own, so that
# programs run where nothing but the store exists. One derivation with an output for each package: one build instead of twenty.
#
# The host's tree is bound into the build sandbox at /host/root (Debian's layout). Larger things (gcc, git, cmake, perl) stay there and are
# linked to; see links.nix.
{ system, lib }:
let
  packages = import ./packages.nix;
  names = builtins.attrNames packages;

  drv = derivation {
    name = "host";
    inherit system;
    builder = "/host/root/usr/bin/bash";
    args = [ "-eu" ./copy.sh ];
    outputs = [ "glibc" "gcclib" "lib" ] ++ names;
    inherit names;
    programs = map (name: "${name}:${builtins.concatStringsSep "," packages.${name}.programs}") names;
  };

  # An output dressed as the package that it is.
  package = output: { pname, version, mainProgram ? null, ... }@facts: drv.${output} // {
    inherit pname version;
    name = "${pname}-${version}";
    outputs = [ output ];
    ${output} = package output facts;
    out = package output facts;
    outputSpecified = true;
    meta = {
      name = "${pname}-${version}";
      description = facts.description or "Host tool ${pname}";
      platforms = lib.platforms.all;
      available = true; broken = false; unfree = false; insecure = false;
      outputsToInstall = [ output ];
    } // lib.optionalAttrs (mainProgram != null) { inherit mainProgram; };
    override = _: package output facts;
    overrideAttrs = _: throw "${pname}: copied from the host, nothing can be changed with overrideAttrs";
    passthru = { };
  };
in
builtins.mapAttrs (output: facts: package output (facts // { pname = facts.pname or output; })) packages
// {
  glibc = package "glibc" { pname = "glibc"; version = "2.41"; description = "GNU C Library (run time)"; };
  gcclib = package "gcclib" { pname = "gcc-lib"; version = "14.2.0"; description = "Run-time libraries of GCC"; };
  hostlib = package "lib" { pname = "host-lib"; version = "0"; description = "Libraries of the copied tools"; };
}
