# rust-bin: toolchains by channel and release, and ways to choose one.
{ lib, pkgs, distRoot }:
let
  manifests = import ../manifests { inherit lib; };
  toolchainOf = import ./toolchain.nix { inherit lib pkgs; };
  select = import ./select.nix { inherit lib manifests; };
  channels = lib.mapAttrs (_: lib.mapAttrs (_: toolchainOf)) manifests;
  channelOf = spec: toolchainOf (select spec);

  fromRustupToolchain = { path ? null, channel ? null, profile ? null, components ? [ ], targets ? [ ] }:
    let
      toolchain = channelOf { inherit channel; };
      profiles = toolchain._profiles;
      wanted = if profile == null then "default" else profile;
      chosen =
        if profiles ? ${wanted} then profiles.${wanted}
        else if profiles != { } then
          throw ''
            Rust ${toolchain._version} doesn't have profile `${wanted}`.
            Available profiles are: ${lib.concatStringsSep ", " (lib.attrNames profiles)}
          ''
        else if profile == null then toolchain.rust
        else throw "Cannot select profile `${wanted}` since rust ${toolchain._version} is too early to support profiles";
    in
    if path != null then throw "`path` is not supported, please directly add it to your PATH instead"
    else if channel == null then throw "`channel` is required"
    else chosen.override { extensions = components; inherit targets; };

  # A rust-toolchain file is either TOML or, of old, one line that names the channel.
  fromRustupToolchainFile = file:
    let
      text = builtins.readFile file;
      line = builtins.match "([^\r\n]+)\r?\n?" text;
    in
    fromRustupToolchain (if line != null then { channel = lib.head line; } else (builtins.fromTOML text).toolchain);

  # The newest night for which what the selector asks for exists.
  selectLatestNightlyWith = selector:
    let
      dates = lib.attrNames (removeAttrs channels.nightly [ "latest" ]);
      try = left:
        let chosen = selector channels.nightly.${lib.last left};
        in if lib.length left == 1 || (chosen != null && (builtins.tryEval chosen.drvPath).success) then chosen else try (lib.init left);
    in
    try dates;
in
channels // {
  inherit distRoot fromRustupToolchain fromRustupToolchainFile selectLatestNightlyWith;
  _internal = { inherit channelOf; };
}
