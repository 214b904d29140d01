# Programs beside cargo that the host does not have: small ones that do a named part of what the real ones do (DIFFERENCES.md).
{ pkgs }:
let
  script = pname: version: description: file: pkgs.stdenvNoCC.mkDerivation {
    inherit pname version;
    dontUnpack = true;
    installPhase = ''
      mkdir -p $out/bin
      { echo "#!${pkgs.runtimeShell}"; cat ${file}; } > $out/bin/${pname}
      chmod +x $out/bin/${pname}
    '';
    meta = { inherit description; mainProgram = pname; };
  };
in
{
  cargo-nextest = script "cargo-nextest" "0.9.0" "Runs the tests of cargo and reports them in JUnit's form: a stand-in" ./cargo-nextest.sh;
  nixpkgs-fmt = script "nixpkgs-fmt" "1.3.0" "Takes blanks off the ends of lines of Nix files: a stand-in" ./nixpkgs-fmt.sh;
}
