# The overlay: rust-bin, and the names that nixpkgs-mozilla had.
final: prev:
let
  inherit (final) rust-bin;
in
{
  rust-bin = (prev.rust-bin or { }) // import ./lib { inherit (final) lib; pkgs = final; distRoot = import ./lib/dist-root.nix; };

  rustChannelOf = rust-bin._internal.channelOf;
  rustChannelOfTargets = channel: date: targets: (final.rustChannelOf { inherit channel date; }).rust.override { inherit targets; };
  latest = (prev.latest or { }) // {
    rustChannels = { stable = rust-bin.stable.latest; beta = rust-bin.beta.latest; nightly = rust-bin.nightly.latest; };
  };
  inherit (final.latest) rustChannels;
}
