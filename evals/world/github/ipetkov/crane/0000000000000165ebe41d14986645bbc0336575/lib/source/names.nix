# What a project is called: by its manifest, and by a placeholder with a warning where that does not say.
{ lib }:
let
  firstString = lib.findFirst builtins.isString null;
  original = src: if src ? _isLibCleanSourceWith then src.origSrc else src;

  # An inherited value is a set in the manifest of a member, and a string in the workspace's.
  said = toml: where: {
    name = firstString [
      (toml.package.metadata.crane.name or null)
      (toml.package.name or null)
      (toml.workspace.metadata.crane.name or null)
      (lib.warnIf (toml ? workspace.package.name) "`workspace.package.name` is deprecated, please use `workspace.metadata.crane.name` in ${where}" (toml.workspace.package.name or null))
    ];
    version = firstString [ (toml.package.version or null) (toml.workspace.package.version or null) ];
  };

  unknown = throw ''
    unable to infer crate name and version. please ensure one of the following:
    - the root of `src` has a Cargo.toml
    - `cargoToml` is the path of the package's Cargo.toml, or `cargoTomlContents` is its text
    - `pname` and `version` are given
  '';

  placeholder = { key, argument, value, where, inWorkspace }:
    lib.warn ''
      crane will use a placeholder value since `${key}` cannot be found in ${where}
      to silence this warning consider one of the following:
      - setting `${argument} = "...";` in the derivation arguments explicitly
      - setting `package.${key}` or ${inWorkspace} in the root Cargo.toml
      - looking both up in another manifest: `craneLib.crateNameFromCargoToml { cargoToml = ./path/to/Cargo.toml; }`
    '' value;
in
args:
let
  cargoToml = args.cargoToml or (original (args.src or unknown) + "/Cargo.toml");
  contents = args.cargoTomlContents or (if builtins.pathExists cargoToml then builtins.readFile cargoToml else unknown);
  where = if args ? cargoTomlContents then "provided Cargo.toml contents" else cargoToml;
  # A dummy manifest names store paths, which fromTOML does not take.
  found = said (builtins.fromTOML (builtins.unsafeDiscardStringContext contents)) where;
in
{
  pname = if found.name != null then found.name else placeholder {
    key = "name"; argument = "pname"; value = "cargo-package"; inherit where;
    inWorkspace = "`package.metadata.crane.name` or `workspace.metadata.crane.name`";
  };
  version = if found.version != null then found.version else placeholder {
    key = "version"; argument = "version"; value = "0.0.1"; inherit where;
    inWorkspace = "`workspace.package.version`";
  };
}
