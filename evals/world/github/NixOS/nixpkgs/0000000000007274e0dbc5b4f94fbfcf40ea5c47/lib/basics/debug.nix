# Looking at values while evaluating.
{ lib }:
let
  # The value down to a depth, deeper sets and lists shown as their outline.
  cut = depth: value:
    if builtins.isAttrs value && !(lib.isDerivation value) then if depth == 0 then "{…}" else builtins.mapAttrs (_: cut (depth - 1)) value
    else if builtins.isList value then if depth == 0 then "[…]" else map (cut (depth - 1)) value
    else value;
in
rec {
  inherit (builtins) addErrorContext trace unsafeGetAttrPos;
  traceIf = condition: message: value: if condition then trace message value else value;
  traceValFn = f: value: trace (f value) value;
  traceVal = traceValFn lib.id;
  traceSeq = shown: value: trace (builtins.deepSeq shown shown) value;
  traceSeqN = depth: shown: value: trace (lib.generators.toPretty { multiline = false; } (cut depth shown)) value;
  traceValSeqFn = f: value: traceValFn f (builtins.deepSeq value value);
  traceValSeq = traceValSeqFn lib.id;
  traceFnSeqN = depth: name: f: value: let result = f value; in traceSeqN (depth + 1) { fn = name; from = value; to = result; } result;

  # Each test is { expr, expected }; gives the ones that failed.
  runTests = tests:
    builtins.concatMap
      (name:
        let test = tests.${name};
        in if lib.hasPrefix "test" name && test.expr != test.expected
        then [{ inherit name; expected = test.expected; result = test.expr; }]
        else [ ])
      (builtins.attrNames tests);

  testAllTrue = expr: { inherit expr; expected = map (_: true) expr; };
}
