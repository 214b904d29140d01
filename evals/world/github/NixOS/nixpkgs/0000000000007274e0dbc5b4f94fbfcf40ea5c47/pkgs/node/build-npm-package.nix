# buildNpmPackage: npm ci from a cache behind one hash, npm run build, and what npm pack would publish, installed.
{ lib, stdenv, fetchNpmDeps, npmHooks, nodejs }@topLevel:
lib.extendMkDerivation {
  constructDrv = stdenv.mkDerivation;
  excludeDrvArgNames = [ "npmDepsHash" "forceGitDeps" "forceEmptyCache" "nodejs" "npmConfigHook" "npmBuildHook" "npmInstallHook" ];

  extendDrvArgs = finalAttrs:
    { name ? "${args.pname}-${args.version}"
    , src ? null
    , srcs ? null
    , sourceRoot ? null
    , prePatch ? ""
    , patches ? [ ]
    , postPatch ? ""
    , patchFlags ? [ ]
    , nativeBuildInputs ? [ ]
    , buildInputs ? [ ]
    , npmDepsHash ? ""
    , forceGitDeps ? false
    , forceEmptyCache ? false
    , makeCacheWritable ? false
    , npmBuildScript ? "build"
    , npmFlags ? [ ]
    , npmInstallFlags ? [ ]
    , npmRebuildFlags ? [ ]
    , npmBuildFlags ? [ ]
    , npmPackFlags ? [ ]
    , npmPruneFlags ? npmInstallFlags
    , npmWorkspace ? null
    , nodejs ? topLevel.nodejs
    , npmDeps ? fetchNpmDeps ({
        inherit forceGitDeps forceEmptyCache src srcs sourceRoot prePatch patches postPatch patchFlags;
        name = "${name}-npm-deps";
        hash = npmDepsHash;
      } // lib.optionalAttrs (args ? npmRoot) { inherit (args) npmRoot; })
    , npmConfigHook ? null
    , npmBuildHook ? null
    , npmInstallHook ? null
    , ...
    }@args:
    let
      hooks = npmHooks.override { inherit nodejs; };
      chosen = given: own: if given != null then given else own;
    in
    {
      inherit npmDeps npmBuildScript;
      nativeBuildInputs = nativeBuildInputs ++ [
        nodejs
        (chosen npmConfigHook hooks.npmConfigHook)
        (chosen npmBuildHook hooks.npmBuildHook)
        (chosen npmInstallHook hooks.npmInstallHook)
      ];
      buildInputs = buildInputs ++ [ nodejs ];
      strictDeps = true;
      dontStrip = args.dontStrip or true;
      meta = { platforms = lib.platforms.all; } // args.meta or { };
    };
}
