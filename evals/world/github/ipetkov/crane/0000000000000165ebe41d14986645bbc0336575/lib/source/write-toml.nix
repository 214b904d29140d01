{ lib, writeText }:
name: value: writeText name (import ./to-toml.nix { inherit lib; } value)
