{ lib, filterCargoSources, sourceName }:
src:
lib.cleanSourceWith {
  src = lib.cleanSource src;
  filter = filterCargoSources;
  name = sourceName src;
}
