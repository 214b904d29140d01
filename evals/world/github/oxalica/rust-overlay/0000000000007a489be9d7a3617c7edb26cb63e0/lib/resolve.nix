# The components that a profile with extensions and targets is made of. What a profile names may be missing for a platform; what a person asks
# for may not.
{ lib, host, sets, manifest }:
{ name, wanted, extensions, targets, targetExtensions }:
let
  allTargets = lib.unique ([ host ] ++ targets);
  known = manifest.pkg // manifest.renames;
  perTarget = component: lib.elem component manifest.targetComponents;

  # A list of derivations, or a sentence that says why there is none.
  ofTargets = mayMiss: component:
    let found = lib.concatMap (t: lib.optional (sets.${t} ? ${component}) sets.${t}.${component}) (lib.filter (t: sets ? ${t}) allTargets);
    in if found == [ ] && !mayMiss then "Component `${component}` doesn't support any of targets: ${lib.concatStringsSep ", " allTargets}" else found;
  ofHost = mayMiss: component:
    sets.${host}.${component} or (if mayMiss then [ ] else "Host component `${component}` doesn't support `${host}`");
  collect = mayMiss: component: if perTarget component then ofTargets mayMiss component else ofHost mayMiss component;

  found = lib.flatten (map (collect true) wanted ++ map (collect false) extensions ++ map (ofTargets false) targetExtensions);

  unknown = map (t: "Unknown target `${t}`, typo or not supported by this version?") (lib.filter (t: !(sets ? ${t})) allTargets)
    ++ map (c: "Unknown component `${c}`, typo or not support by this version?") (lib.filter (c: !(known ? ${c})) (wanted ++ extensions ++ targetExtensions));
  useful = lib.filter (c: c == "rust" || perTarget c) (wanted ++ extensions) ++ targetExtensions;
  unused = lib.filter (t: !(lib.any (c: sets.${t} ? ${c}) useful)) allTargets;
  errors =
    if unknown != [ ] then unknown
    else lib.filter lib.isString found ++ map (t: "Target `${t}` is not supported by any components or extensions") unused;

  chosen = what: list: lib.optional (list != [ ]) "note: selected ${what}: ${toString list}";
  notes = [ "note: profile components: ${toString wanted}" ]
    ++ chosen "targets" allTargets
    ++ chosen "extensions" extensions
    ++ chosen "targetExtensions" targetExtensions
    ++ map (t: "note: components available for ${t}: ${toString (lib.attrNames sets.${t})}") (lib.filter (t: sets ? ${t}) allTargets)
    ++ [ "note: check here to see all targets and which components are available on each targets:\n      https://rust-lang.github.io/rustup-components-history\n" ];
in
if errors == [ ] then found
else throw "Component resolution failed for rust-${name}-${manifest.version}\n${lib.concatStringsSep "\n" (errors ++ notes)}\n"
