{ lib, pkgs }: { }
