{ lib, filterCargoSources }:
src:
lib.cleanSourceWith {
  src = lib.cleanSource src;
  filter = filterCargoSources;
  # Whatever the crate is called, as in the original: so the folder that a source is unpacked to.
  name = "source";
}
