# The whole file, from what `cargo metadata` says.
include "nix";

. as $all
| ($checksums | split("\n") | map(select(. != "") | split("\t")) | map({ key: (.[0:3] | join(" ")), value: .[3] }) | from_entries) as $sums
| ($git[0] | map({ key: .id, value: . }) | from_entries) as $git
| (.packages | map({ key: .id, value: . }) | from_entries) as $packages
| (.resolve.nodes | map({ key: .id, value: . }) | from_entries) as $nodes
| (.packages | group_by(.name)
    | map(if length == 1 then { key: .[0].id, value: .[0].name }
          else (. as $same | .[] | { key: .id, value: (if ([$same[] | select(.version == $same[0].version)] | length) == ($same | length) and ($same | length) > 1
            then "\(.name) \(.version) (\(.source // .manifest_path))" else "\(.name) \(.version)" end) }) end)
    | from_entries) as $ids
| ($all.workspace_members | map({ key: ., value: true }) | from_entries) as $members

| def host: capture("^registry\\+https://github\\.com/rust-lang/(?<host>.+)-index$").host? // null;
  def line($indent; $text): (" " * $indent) + $text + "\n";
  def relative($folder; $base):
    ($folder | split("/")) as $f | ($base | split("/")) as $b
    | ([range([$f, $b] | map(length) | min) as $i | select($f[:$i + 1] == $b[:$i + 1])] | length) as $common
    | ([range(($b | length) - $common) | ".."] + $f[$common:]) | join("/");
  def folder: .manifest_path | rtrimstr("/Cargo.toml");
  def below($package): ltrimstr(($package | folder) + "/");

  # What cargo has resolved for a line of a manifest; nothing where the line is of no use here.
  def resolved($node; $dependency):
    ($dependency.rename // "" | gsub("-"; "_")) as $rename
    | [$node.deps[] | select($packages[.pkg].name == $dependency.name and ($rename == "" or .name == $rename)
        and any(.dep_kinds[]; .kind == $dependency.kind and .target == $dependency.target))]
    | .[0].pkg // empty;

  def dependencyList($indent; $name; $lines):
    if $lines == [] then "" else line($indent; "\($name) = [") + ($lines | join("")) + line($indent; "];") end;
  def dependencyEntry($pkg):
    . as $d
    | line(10; "{")
    + line(12; "name = \($d.name | string);")
    + line(12; "packageId = \($ids[$pkg] | string);")
    + (if $d.rename then line(12; "rename = \($d.rename | string);") else "" end)
    + (if $d.optional then line(12; "optional = true;") else "" end)
    + (if $d.uses_default_features then "" else line(12; "usesDefaultFeatures = false;") end)
    + (if $d.target then line(12; "target = { target, features }: \($d.target | condition);") else "" end)
    + (if $d.features == [] then "" else line(12; "features = \($d.features | strings);") end)
    + line(10; "}");
  def dependencies($package; $kind; $name):
    $nodes[$package.id] as $node
    | dependencyList(8; $name; [$package.dependencies | sort_by(.name, .rename, .target)[] | select(.kind == $kind) | . as $d | resolved($node; $d) as $pkg | $d | dependencyEntry($pkg)]);

  def source:
    . as $p
    | if .source == null then line(8; "src = lib.cleanSourceWith { filter = sourceFilter; src = \(relative(folder; $base) | path); };")
      elif .source | startswith("git+") then
        line(8; "workspace_member = null;")
        + line(8; "src = pkgs.fetchgit {")
        + line(10; "url = \($git[$p.id].url | string);")
        + line(10; "rev = \($git[$p.id].revision | string);")
        + line(10; "sha256 = \($git[$p.id].hash | string);")
        + line(8; "};")
      elif .source | host then
        line(8; "sha256 = \($sums["\(.name) \(.version) \(.source)"] // error("\(.name) \(.version) has no checksum in Cargo.lock") | string);")
      else error("crates of \(.source) are not supported") end;

  def libraryKinds: ["lib", "rlib", "dylib", "cdylib", "staticlib", "proc-macro"];
  def crate:
    . as $p
    | ([.targets[] | select(any(.kind[]; . as $k | libraryKinds | index($k)))] | .[0]) as $lib
    | ([.targets[] | select(.kind | index("custom-build"))] | .[0]) as $script
    | ([.targets[] | select(.kind | index("bin"))] | sort_by(.name)) as $bins
    | line(6; "\($ids[.id] | string) = rec {")
    + line(8; "crateName = \(.name | string);")
    + line(8; "version = \(.version | string);")
    + line(8; "edition = \(.edition | string);")
    + (if .links then line(8; "links = \(.links | string);") else "" end)
    + (if $bins == [] then ""
       elif $members[.id] | not then line(8; "crateBin = [];")
       else line(8; "crateBin = [") + ($bins | map(
           line(10; "{") + line(12; "name = \(.name | string);") + line(12; "path = \(.src_path | below($p) | string);")
           + line(12; "requiredFeatures = \(.["required-features"] // [] | strings);") + line(10; "}")) | join("")) + line(8; "];")
       end)
    + source
    + (if $lib and ($lib.kind | index("proc-macro")) then line(8; "procMacro = true;") else "" end)
    + (if $script and ($script.src_path | below($p)) != "build.rs" then line(8; "build = \($script.src_path | below($p) | string);") else "" end)
    + (if $lib and $lib.name != .name then line(8; "libName = \($lib.name | string);") else "" end)
    + (if $lib and ($lib.src_path | below($p)) != "src/lib.rs" then line(8; "libPath = \($lib.src_path | below($p) | string);") else "" end)
    + (if $lib and ($lib.kind | index("proc-macro") | not) and $lib.crate_types != ["lib"] then line(8; "type = \($lib.crate_types | strings);") else "" end)
    + (if .authors == [] then "" else line(8; "authors = [") + (.authors | map(line(10; string)) | join("")) + line(8; "];") end)
    + dependencies($p; null; "dependencies")
    + dependencies($p; "build"; "buildDependencies")
    + dependencies($p; "dev"; "devDependencies")
    + (if .features == {} then ""
       else line(8; "features = {") + (.features | to_entries | map(line(10; "\(.key | string) = \(.value | strings);")) | join("")) + line(8; "};") end)
    + ($nodes[.id].features | if . == [] then "" else line(8; "resolvedDefaultFeatures = \(strings);") end)
    + line(6; "};");

  def member:
    line(4; "\(.name | string) = rec {") + line(6; "packageId = \($ids[.id] | string);") + line(6; "build = internal.buildRustCrateWithFeatures { inherit packageId; };") + line(4; "};");

"# This file was @generated by crate2nix 0.15.0 with the command:
#  \($command)
# See https://github.com/kolloch/crate2nix for more info.

{ nixpkgs ? \($nixpkgs)
, pkgs ? import nixpkgs { config = { }; }
, fetchurl ? pkgs.fetchurl
, lib ? pkgs.lib
, stdenv ? pkgs.stdenv
, buildRustCrateForPkgs ? pkgs: pkgs.buildRustCrate
  # Overrides for crates, by name.
, defaultCrateOverrides ? pkgs.defaultCrateOverrides
  # Features of the root crate or of the workspace's members.
, rootFeatures ? [ \"default\" ]
, strictDeprecation ? false
  # CPU features, for rustc and for conditions of manifests.
, targetFeatures ? [ ]
  # Further names that conditions of manifests may ask for.
, extraTargetFlags ? { }
, release ? true
, crateConfig ? if builtins.pathExists ./crate-config.nix then pkgs.callPackage ./crate-config.nix { } else { }
}:

rec {
"
+ (if $all.resolve.root then
    line(2; "rootCrate = rec {") + line(4; "packageId = \($ids[$all.resolve.root] | string);") + line(4; "build = internal.buildRustCrateWithFeatures { inherit packageId; };") + line(2; "};") + "\n"
   else "" end)
+ line(2; "workspaceMembers = {") + ([$all.packages[] | select($members[.id])] | sort_by(.name) | map(member) | join("")) + line(2; "};") + "\n"
+ line(2; "# All of them in one folder.")
+ line(2; "allWorkspaceMembers = pkgs.symlinkJoin {") + line(4; "name = \"all-workspace-members\";")
+ line(4; "paths = map (member: member.build) (builtins.attrValues workspaceMembers);") + line(2; "};") + "\n"
+ line(2; "# What follows may change with every version.")
+ line(2; "internal = rec {")
+ ([$all.packages[].source // "" | host | values] | unique | line(4; "registryHost = " + (if . == [] then "throw \"no crate of this project comes from a registry\"" else .[0] | string end) + ";") + "\n")
+ line(4; "crates = {") + ([$all.packages[]] | sort_by($ids[.id]) | map(crate) | join("")) + line(4; "};") + "\n"
+ ($internal | rtrimstr("\n") | split("\n") | map(if . == "" then . else "    " + . end) | join("\n")) + "\n"
+ line(2; "};")
+ "}"
