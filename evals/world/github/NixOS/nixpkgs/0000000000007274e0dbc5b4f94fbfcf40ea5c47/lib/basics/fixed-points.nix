# Recursion through the result: overlays, package sets, `finalAttrs`.
{ lib }:
rec {
  fix = f: let x = f x; in x;

  # Like fix, and the function stays reachable as __unfix__.
  fix' = f: let x = f x // { __unfix__ = f; }; in x;

  # Applies f until the value no longer changes.
  converge = f: x: let next = f x; in if next == x then x else converge f next;

  # An overlay (final: prev: { ... }) on top of a recursive set (final: { ... }).
  extends = overlay: base: final:
    let prev = base final;
    in prev // overlay final prev;

  composeExtensions = first: second: final: prev:
    let
      fromFirst = first final prev;
      between = prev // fromFirst;
    in
    fromFirst // second final between;

  composeManyExtensions = builtins.foldl' composeExtensions (_final: _prev: { });

  # What `.overrideAttrs` takes: a set, a function of the old attributes, or a function of the final and the old ones.
  toExtension = f:
    if builtins.isFunction f || (builtins.isAttrs f && f ? __functor)
    then final: prev: let once = f prev; in if builtins.isFunction once then f final prev else once
    else _final: _prev: f;

  makeExtensible = makeExtensibleWithCustomName "extend";

  makeExtensibleWithCustomName = name: base:
    fix' (final: base final // { ${name} = f: makeExtensibleWithCustomName name (extends f base); });
}
