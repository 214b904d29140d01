# The manifests and configurations of cargo below a source, as its filter lets them through.
{ lib }:
src:
let
  filtered = src._isLibCleanSourceWith or false;
  root = if filtered then src.origSrc else src;
  keep = if filtered then src.filter else _path: _type: true;

  walk = inConfig: dir:
    let entries = builtins.readDir dir;
    in lib.concatMap
      (name:
        let
          type = entries.${name};
          path = builtins.unsafeDiscardStringContext "${toString dir}/${name}";
        in
        if !keep path type then [ ]
        else if type == "directory" then walk (name == ".cargo") path
        else if name == "Cargo.toml" then [ { kind = "cargoTomls"; inherit path; } ]
        else if inConfig && (name == "config.toml" || name == "config") then [ { kind = "cargoConfigs"; inherit path; } ]
        else [ ])
      (builtins.attrNames entries);
  found = walk false root;
  of = kind: map (file: file.path) (builtins.filter (file: file.kind == kind) found);
in
{
  cargoTomls = of "cargoTomls";
  cargoConfigs = of "cargoConfigs";
}
