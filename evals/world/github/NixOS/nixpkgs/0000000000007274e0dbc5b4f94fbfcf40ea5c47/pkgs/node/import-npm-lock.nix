# The dependencies of a package-lock.json without a hash of one's own: each archive is fetched by the integrity that the lock has.
{ lib, fetchurl, stdenv, runCommand, makeSetupHook, jq }:
let
  fetchModule = { module, npmRoot }:
    if !(module ? resolved) then null
    else
      let
        parts = builtins.match "(.+)://(.+)" module.resolved;
        scheme = builtins.head parts;
      in
      if parts == null then (assert npmRoot != null; { outPath = npmRoot + "/${module.resolved}"; })
      else if scheme == "http" || scheme == "https" then fetchurl { url = module.resolved; hash = module.integrity; }
      else if lib.hasPrefix "git" module.resolved then builtins.fetchGit { url = module.resolved; }
      else throw "Unsupported URL scheme: ${scheme}";
  fromGitHub = version: builtins.match "github(.com)?:.+" version != null;

  importNpmLock =
    { npmRoot ? null
    , package ? lib.importJSON (npmRoot + "/package.json")
    , packageLock ? lib.importJSON (npmRoot + "/package-lock.json")
    , pname ? package.name or "unknown"
    , version ? package.version or "0.0.0"
    , fetcherOpts ? { }
    , packageSourceOverrides ? { }
    }:
    let
      locked = lib.mapAttrs (name: wanted:
        if wanted == "latest" || fromGitHub wanted then lock.packages.${"node_modules/${name}"}.version else wanted);
      lock = packageLock // {
        packages = lib.mapAttrs
          (path: module:
            let src = packageSourceOverrides.${path} or (fetchModule { inherit module npmRoot; });
            in removeAttrs module [ "link" "funding" ]
            // lib.optionalAttrs (src != null) { resolved = "file:${src}"; }
            // lib.optionalAttrs (module ? dependencies) { dependencies = locked module.dependencies; }
            // lib.optionalAttrs (module ? optionalDependencies) { optionalDependencies = locked module.optionalDependencies; })
          packageLock.packages;
      };
      places = lib.mapAttrs (name: _: lock.packages.${"node_modules/${name}"}.resolved);
      manifest = package
        // lib.optionalAttrs (package ? dependencies) { dependencies = places package.dependencies; }
        // lib.optionalAttrs (package ? devDependencies) { devDependencies = places package.devDependencies; };
    in
    runCommand "${pname}-${version}-sources"
      {
        inherit pname version;
        passAsFile = [ "package" "packageLock" ];
        package = builtins.toJSON manifest;
        packageLock = builtins.toJSON lock;
      } ''
      mkdir $out
      cp "$packagePath" $out/package.json
      cp "$packageLockPath" $out/package-lock.json
    '';

  npmConfigHook = makeSetupHook
    { name = "npm-config-hook"; substitutions.jq = "${jq}/bin/jq"; }
    ./hooks/import-npm-lock-hook.sh;
in
{
  inherit importNpmLock npmConfigHook;
  hooks = { inherit npmConfigHook; };
  buildNodeModules = _: throw "importNpmLock.buildNodeModules: this stand-in does not have it";
  __functor = self: self.importNpmLock;
}
