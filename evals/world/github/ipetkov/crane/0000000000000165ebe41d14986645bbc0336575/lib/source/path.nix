# builtins.path with a fixed name, so that the store path does not change with the folder's name.
{ lib }:
input:
builtins.path ({ name = "source"; } // (if lib.isAttrs input then input else { path = input; }))
