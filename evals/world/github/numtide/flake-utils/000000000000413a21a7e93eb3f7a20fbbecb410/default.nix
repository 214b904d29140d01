{ system ? null }: import ./lib.nix { }
