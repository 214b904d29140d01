# Derivations as values.
{ lib }:
{
  # Known attributes of a derivation that are not to be evaluated yet.
  lazyDerivation = { derivation, meta ? null, passthru ? { }, outputs ? [ "out" ] }:
    let checked = if lib.isDerivation derivation then derivation else throw "lazyDerivation: the `derivation` argument is not a derivation";
    in {
      type = "derivation";
      inherit (checked) name system outPath drvPath outputName;
      inherit outputs passthru;
      meta = if meta != null then meta else checked.meta;
    } // lib.genAttrs outputs (name: checked.${name}) // passthru;

  optionalDrvAttr = condition: value: if condition then value else null;

  warnOnInstantiate = message: drv:
    let warned = lib.warn message drv.drvPath;
    in drv // { drvPath = warned; outPath = builtins.seq warned drv.outPath; };
}
