# The phases of an npm build as setup hooks.
{ makeSetupHook, makeWrapper, installShellFiles, nodejs, jq, diffutils, prefetch-npm-deps }:
{
  npmConfigHook = makeSetupHook
    {
      name = "npm-config-hook";
      substitutions = {
        diff = "${diffutils}/bin/diff";
        prefetchNpmDeps = "${prefetch-npm-deps}/bin/prefetch-npm-deps";
      };
    } ./npm-config-hook.sh;
  npmBuildHook = makeSetupHook { name = "npm-build-hook"; } ./npm-build-hook.sh;
  npmInstallHook = makeSetupHook
    {
      name = "npm-install-hook";
      propagatedBuildInputs = [ installShellFiles makeWrapper ];
      substitutions = {
        hostNode = "${nodejs}/bin/node";
        jq = "${jq}/bin/jq";
      };
    } ./npm-install-hook.sh;
}
