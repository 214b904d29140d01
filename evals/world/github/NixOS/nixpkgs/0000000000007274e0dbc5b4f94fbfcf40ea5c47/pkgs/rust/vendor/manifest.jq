# cargo metadata (--no-deps) of a workspace as the Cargo.toml of one package ($name) that inherits nothing. $root is the package's folder.
def str: tojson;
def table($head; $lines): "\n[" + $head + "]\n" + ($lines | map(select(. != null)) | join("\n")) + "\n";
def relative: if startswith($root) then .[($root | length):] else . end;
def key: if test("^[A-Za-z0-9_-]+$") then . else tojson end;
def edition($p): .edition // $p.edition;

def dependency:
  "version = " + (.req | str)
  + (if .rename != null then ", package = " + (.name | str) else "" end)
  + (if .optional then ", optional = true" else "" end)
  + (if .uses_default_features then "" else ", default-features = false" end)
  + (if (.features | length) > 0 then ", features = " + (.features | tojson) else "" end)
  # A path inside the repository: cargo takes it as a package of the same git source.
  + (if .path != null then ", path = " + (.path | str) else "" end)
  + (if (.source // "" | startswith("git+")) then
      (.source | ltrimstr("git+") | split("#")[0] | split("?")) as $git
      | ", git = " + ($git[0] | str)
      + (if ($git | length) > 1 then ($git[1] | split("=")) as $ref | ", " + $ref[0] + " = " + ($ref[1:] | join("=") | str) else "" end)
    else "" end)
  | "{ " + . + " }";

def dependencies($all; $kind; $head):
  ($all | map(select((.kind // "normal") == $kind)) | group_by(.target // "") | map(
    . as $group
    | table((if $group[0].target == null then "" else "target." + ($group[0].target | str) + "." end) + $head;
        $group | map(((.rename // .name) | key) + " = " + dependency))
  ) | join(""));

.packages[] | select(.name == $name) | . as $p
| (.targets | map(select(.kind | index("custom-build"))) | first) as $build
| (.targets | map(select(.kind | any(. == "lib" or . == "rlib" or . == "dylib" or . == "cdylib" or . == "staticlib" or . == "proc-macro"))) | first) as $lib
| "# Written from cargo metadata, since the original inherits from its workspace.\n"
+ table("package"; [
    "name = " + (.name | str), "version = " + (.version | str), "edition = " + (.edition | str),
    (if .rust_version then "rust-version = " + (.rust_version | str) else null end),
    (if .links then "links = " + (.links | str) else null end),
    (if .license then "license = " + (.license | str) else null end),
    (if .description then "description = " + (.description | str) else null end),
    (if .repository then "repository = " + (.repository | str) else null end),
    (if .homepage then "homepage = " + (.homepage | str) else null end),
    "authors = " + (.authors | tojson),
    (if $build then "build = " + ($build.src_path | relative | str) else "build = false" end),
    "autobins = false", "autoexamples = false", "autotests = false", "autobenches = false"
  ])
+ (if $lib then table("lib"; [
    "name = " + ($lib.name | gsub("-"; "_") | str), "path = " + ($lib.src_path | relative | str), "edition = " + ($lib | edition($p) | str),
    (if $lib.kind | index("proc-macro") then "proc-macro = true" else "crate-type = " + ($lib.crate_types | tojson) end)
  ]) else "" end)
+ (.targets | map(select(.kind | index("bin"))) | map("\n[[bin]]\n" + "name = " + (.name | str) + "\npath = " + (.src_path | relative | str) + "\n"
    + (if ."required-features" then "required-features = " + (."required-features" | tojson) + "\n" else "" end)) | join(""))
+ table("features"; .features | to_entries | map((.key | key) + " = " + (.value | tojson)))
+ dependencies(.dependencies; "normal"; "dependencies")
+ dependencies(.dependencies; "build"; "build-dependencies")
