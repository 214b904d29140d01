# What each release consists of: version, date, components with their targets, names that stand for others, and profiles.
{ lib }:
let
  stable = import ./stable.nix;
  beta = import ./beta.nix;
  nightly = import ./nightly.nix;
  components = import ./components.nix;
  targets = import ./targets.nix;

  # The stable release that is newest for this list has all that the host's release has, as far as it is known.
  newest = lib.last (lib.sort lib.versionOlder (lib.attrNames stable));

  within = release: { since ? "1.29", until ? null, ... }:
    let minor = lib.versions.majorMinor release;
    in lib.versionAtLeast minor since && (until == null || lib.versionAtLeast until minor);

  # "NAME@FIRST!LAST ..." as a list.
  parse = text:
    let
      word = w:
        let m = builtins.match "([^@!]+)(@([^!]+))?(!(.+))?" w;
        in { name = lib.elemAt m 0; }
          // lib.optionalAttrs (lib.elemAt m 2 != null) { since = lib.elemAt m 2; }
          // lib.optionalAttrs (lib.elemAt m 4 != null) { until = lib.elemAt m 4; };
    in
    map word (lib.filter (w: lib.isString w && w != "") (builtins.split "[ \n]+" text));
  parsed = lib.mapAttrs (_: parse) targets;

  # What all releases of one minor version and channel have in common: hundreds of nights share it.
  contents = channel: release:
    let
      known = lib.filterAttrs (_: within release) components;
      namesOf = list: map (t: t.name) (lib.filter (within release) list);
      hosts = namesOf parsed.hosts;
      standard = namesOf parsed.std ++ lib.optionals (channel != "stable") (namesOf parsed.std-unstable);
    in
    {
      inherit channel;
      platforms = lib.attrNames (lib.genAttrs (hosts ++ standard) (_: null));
      pkg = lib.mapAttrs
        (_: { std ? false, any ? false, nights ? false, nowhere ? false, ... }: {
          targets = if nowhere || (nights && channel != "nightly") then [ ] else if any then [ "*" ] else if std then standard else hosts;
        })
        known;
      renames = lib.mapAttrs' (name: _: lib.nameValuePair (lib.removeSuffix "-preview" name) name)
        (lib.filterAttrs (_: about: about ? short && within release { since = about.short; }) known);
      profiles = lib.optionalAttrs (within release { since = "1.33"; }) {
        minimal = [ "rustc" "cargo" "rust-std" "rust-mingw" ];
        default = [ "rustc" "cargo" "rust-std" "rust-mingw" "rust-docs" "rustfmt-preview" "clippy-preview" ];
        complete = [ "rustc" "cargo" "rust-std" "rust-mingw" "rust-docs" "rustfmt-preview" "clippy-preview" ]
          ++ lib.filter (name: known ? ${name}) [ "rls-preview" "rust-analyzer-preview" "rust-src" "llvm-tools-preview" "rust-analysis" "miri-preview" "rustc-codegen-cranelift-preview" ];
      };
      targetComponents = [ "rust-std" "rustc-dev" "rustc-docs" ];
    };
  minors = list: lib.unique (map lib.versions.majorMinor list);
  shared = lib.genAttrs [ "stable" "beta" "nightly" ] (channel:
    lib.genAttrs (minors (lib.attrNames { inherit stable beta; nightly = nightly.versions; }.${channel})) (contents channel));

  manifest = channel: { version, release, date }: shared.${channel}.${lib.versions.majorMinor release} // { inherit version date; };

  # All days of the years, as far as a string can be compared with another.
  days = years:
    let
      two = n: if n < 10 then "0${toString n}" else toString n;
      lengths = year: [ 31 (if year - year / 4 * 4 == 0 then 29 else 28) 31 30 31 30 31 31 30 31 30 31 ];
    in
    lib.concatMap (year: lib.concatLists (lib.imap1 (month: length: map (day: "${toString year}-${two month}-${two day}") (lib.range 1 length)) (lengths year))) years;

  nightlyDates = lib.concatLists (lib.mapAttrsToList
    (release: { from, to }: map (date: { inherit release date; }) (lib.filter (date: !(date < from) && !(to < date) && !(lib.elem date nightly.without)) (days [ 2025 2026 ])))
    nightly.versions);
  nightlies = lib.listToAttrs (map ({ release, date }: lib.nameValuePair date (manifest "nightly" { inherit release date; version = "${release}-nightly-${date}"; })) nightlyDates);
  betas = lib.listToAttrs (lib.concatLists (lib.mapAttrsToList
    (release: lib.mapAttrsToList (number: date: lib.nameValuePair date (manifest "beta" { inherit release date; version = "${release}-beta.${number}-${date}"; })))
    beta));
  lastOf = set: set.${lib.last (lib.attrNames set)};
in
{
  # The latest stable release is the one that the host has. Its version is not known before a build.
  stable = lib.mapAttrs (version: date: manifest "stable" { inherit version date; release = version; }) stable
    // { latest = manifest "stable" { version = "host"; release = newest; date = stable.${newest}; }; };
  beta = betas // { latest = lastOf betas; };
  nightly = nightlies // { latest = lastOf nightlies; };
}
