# Larger tools of the host, started where they lie: each in a store path of its own, so that a build that does not name one has none.
# They run wherever /host/root is bound (builds and `nix develop`), but not where the store stands alone.
{ lib, pkgs }:
let
  link = { pname, version, programs, mainProgram ? null, description, env ? "", setupHook ? null }:
    pkgs.runCommandLocal "${pname}-${version}"
      {
        inherit pname version;
        meta = { inherit description; platforms = lib.platforms.all; } // lib.optionalAttrs (mainProgram != null) { inherit mainProgram; };
      } ''
      mkdir -p $out/bin
      for program in ${programs}; do
        test -e /host/root/usr/bin/$program || { echo "the host's tree has no $program" >&2; exit 1; }
        { echo "#!${pkgs.runtimeShell}"; echo ${lib.escapeShellArg env}; echo "exec /host/root/usr/bin/$program \"\$@\""; } >$out/bin/$program
        chmod +x $out/bin/$program
      done
      ${lib.optionalString (setupHook != null) "mkdir -p $out/nix-support; cp ${setupHook} $out/nix-support/setup-hook"}
    '';
in
rec {
  gitMinimal = git;
  git = link { pname = "git"; version = "2.47.3"; programs = "git git-receive-pack git-shell git-upload-archive git-upload-pack"; mainProgram = "git"; description = "Distributed version control system"; env = "export GIT_EXEC_PATH=\${GIT_EXEC_PATH-/host/root/usr/lib/git-core} GIT_TEMPLATE_DIR=\${GIT_TEMPLATE_DIR-/host/root/usr/share/git-core/templates}"; };
  cmake = link { pname = "cmake"; version = "3.31.6"; programs = "cmake cpack ctest"; mainProgram = "cmake"; description = "Cross-platform build system generator"; setupHook = ../build-support/hooks/cmake.sh; };
  ninja = link { pname = "ninja"; version = "1.12.1"; programs = "ninja"; mainProgram = "ninja"; description = "Small build system with a focus on speed"; setupHook = ../build-support/hooks/ninja.sh; };
  perl = link { pname = "perl"; version = "5.40.1"; programs = "perl"; mainProgram = "perl"; description = "Perl 5 interpreter (the base modules)"; };
}
