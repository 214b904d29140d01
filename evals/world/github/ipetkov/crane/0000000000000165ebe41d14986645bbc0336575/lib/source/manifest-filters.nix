# Which parts of a manifest stay in a dummy source: a function of the path of keys.
{ lib }:
let
  # What changes often and says nothing about how dependencies are built.
  target = [ "test" "doctest" "bench" "doc" "plugin" "required-features" "required_features" ];
  dropped = {
    package = [
      "authors" "autobenches" "autobins" "autoexamples" "autotests" "build" "categories" "default-run" "default_run" "description" "documentation"
      "exclude" "homepage" "include" "keywords" "license" "license-file" "license_file" "links" "metadata" "publish" "readme" "repository"
      "rust-version" "rust_version"
    ];
    workspace = [ "lints" "metadata" ];
    lib = target;
    bin = target;
    example = target;
    test = target;
    bench = target;
  };
in
rec {
  cargoTomlDefault = cargoTomlConservative;
  cargoTomlConservative = path:
    let top = builtins.head path;
    in
    if builtins.length path == 1 then !builtins.elem top [ "badges" "lints" ]
    else builtins.length path != 2 || !builtins.elem (lib.last path) (dropped.${top} or [ ]);
}
