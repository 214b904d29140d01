# builtins.path with the name of the crate, so that the store path does not change with the folder's name.
{ lib, sourceName }:
input:
let
  given = if lib.isAttrs input then input else { path = input; };
in
builtins.path ({ name = sourceName given.path; } // given)
