# Whether a package may be evaluated: licence, broken, platform. The messages name the setting that lets it through.
{ lib, config, hostPlatform }:
{ name, meta, pos }:
let
  licenses = lib.toList (meta.license or [ ]);
  unfree = builtins.any (l: builtins.isAttrs l && !(l.free or true)) licenses;
  broken = meta.broken or false;
  unsupported = !lib.meta.availableOn hostPlatform { inherit meta; };
  where = if pos == null then "«unknown-file»" else "${pos.file}:${toString pos.line}";

  shown = lib.concatMapStringsSep ", " (l: if builtins.isAttrs l then l.shortName or l.fullName or "unknown" else toString l) licenses;
  pname = lib.getName name;

  reason =
    if unfree && !(config.allowUnfree or false) && !((config.allowUnfreePredicate or (_: false)) { inherit name meta; pname = lib.getName name; })
    then {
      text = "has an unfree license (‘${shown}’)";
      help = "For flakes: `import nixpkgs { config.allowUnfree = true; … }`, or `config.allowUnfreePredicate = pkg: builtins.elem (lib.getName pkg) [ \"${pname}\" ];`";
    }
    else if broken && !(config.allowBroken or false)
    then { text = "is marked as broken"; help = "For flakes: `import nixpkgs { config.allowBroken = true; … }`"; }
    else if unsupported && !(config.allowUnsupportedSystem or false)
    then {
      text = "is not available on the requested hostPlatform:\n  hostPlatform.system = \"${hostPlatform.system}\"\n  package.meta.platforms = ${lib.generators.toPretty { multiline = false; } (meta.platforms or [ ])}\n";
      help = "For flakes: `import nixpkgs { config.allowUnsupportedSystem = true; … }`";
    }
    else null;
in
{
  inherit unfree broken unsupported;
  valid = reason == null;
  handled = reason == null || throw "Package ‘${name}’ in ${where} ${reason.text}, refusing to evaluate.\n\n${reason.help}";
}
