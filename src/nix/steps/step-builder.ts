/** The two files that the flakes of all steps share: what runs a recorded call in Nix's sandbox. */

/** `DIR/step.nix`: a step's data to its derivation. @param root the repository's root, relative to the file: `../.` */
export const stepNix = (
  root: string,
): string => `# Builds one recorded step from its inputs alone. Written by \`crq-agent steps flakes\`; the flakes of the steps call it.
{ pkgs }:
step:
let
  inherit (pkgs) lib;

  # Only what the step reads: another file's change does not build it again.
  source =
    if step.sources == [ ] then
      builtins.path {
        path = ${root};
        name = "source";
        filter = _: _: false;
      }
    else
      lib.fileset.toSource {
        root = ${root};
        fileset = lib.fileset.unions (map (file: ${root} + "/\${file}") step.sources);
      };

  crate =
    { name, version, sha256 }:
    pkgs.runCommand "crate-\${name}-\${version}" { } ''
      mkdir $out
      tar -xzf \${
        pkgs.fetchCrate {
          pname = name;
          inherit version sha256;
          unpack = false;
        }
      } -C $out
    '';

  # A shell array: each word is quoted by itself, and nothing reads it as code again.
  array = name: words: "\${name}=(\${lib.escapeShellArgs words})\\n";
in
pkgs.runCommandCC step.name
  {
    nativeBuildInputs = map (name: pkgs.\${name}) step.packages;
    # The recorded compiler's own choice of flags.
    hardeningDisable = [ "all" ];
    recordedSource = source;
    inherit (step) needs;
    meta = lib.optionalAttrs (step ? mainProgram) { inherit (step) mainProgram; };
  }
  (
    array "crateSources" (map (each: "\${crate each}") step.crates)
    + array "command" [ step.command ]
    + array "arguments" step.args
    + array "environment" (lib.mapAttrsToList (name: value: "\${name}=\${value}") step.env)
    + array "directory" [ step.directory ]
    + array "folders" step.folders
    + array "outputs" step.outputs
    + array "emptyOutputs" step.mayBeEmpty
    + array "programs" (builtins.attrNames step.programs)
    + array "programNames" (builtins.attrValues step.programs)
    + array "toolVersion" [ (step.toolVersion or "") ]
    + array "standardInput" [ (step.stdin or "/dev/null") ]
    + array "standardOutput" [ (step.stdout or "") ]
    + builtins.readFile ./step.sh
  )
`;

/** `DIR/step.sh`: puts the roots in place, runs the call, judges and installs what it made. */
export const STEP_SHELL = `# Runs one recorded call. Written by \`crq-agent steps flakes\`. The arrays above it are the record; @ROOT@ in their words stands for the roots made here.
build=$NIX_BUILD_TOP/build
crates=$NIX_BUILD_TOP/crates
export HOME=$NIX_BUILD_TOP/home
mkdir -p "$build" "$crates" "$HOME" "$out/build"

# The project's files are links into the store, where nothing can be written; over them lies what earlier steps made.
cp -rs "$recordedSource/." "$build"
find "$build" -type d -exec chmod u+w {} +
for need in $needs; do
  cp -r --remove-destination "$need/build/." "$build"
  chmod -R u+w "$build"
done
for unpacked in "\${crateSources[@]}"; do
  ln -s "$unpacked"/* "$crates/"
done

# Text for text: a word stays one word, whatever it holds.
place() {
  placed=$1
  placed=\${placed//@source@/"$recordedSource"}
  placed=\${placed//@build@/"$build"}
  placed=\${placed//@crates@/"$crates"}
  if [[ $placed == *@toolchain@* ]]; then placed=\${placed//@toolchain@/"$(rustc --print sysroot)"}; fi
}
placeAll() {
  local -n words=$1
  local at
  for at in "\${!words[@]}"; do
    place "\${words[at]}"
    words[at]=$placed
  done
}
for array in command arguments environment directory folders standardInput standardOutput; do placeAll "$array"; done
mkdir -p "\${folders[@]}" "$directory"

for output in "\${outputs[@]}"; do
  # A file of the project that the step writes over.
  if [ -L "$build/$output" ] && [ -e "$recordedSource/$output" ]; then
    cp --remove-destination "$recordedSource/$output" "$build/$output"
    chmod u+w "$build/$output"
  fi
done

cd "$directory"
if [ -n "$toolVersion" ]; then
  version=$("$command" --version 2>&1) || version="no version"
  version=\${version%%$'\\n'*}
  if [ "$version" != "$toolVersion" ]; then
    echo "note: recorded with \\"$toolVersion\\", built with \\"$version\\"" >&2
  fi
fi
exec 3>&1
if [ -n "$standardOutput" ]; then exec 3>"$standardOutput"; fi
env -- "\${environment[@]}" "$command" "\${arguments[@]}" <"$standardInput" >&3
exec 3>&-
cd "$NIX_BUILD_TOP"

isEmpty() {
  if [ -d "$1" ]; then [ -z "$(ls -A "$1")" ]; else [ ! -s "$1" ]; fi
}
mayBeEmpty() {
  local one
  for one in "\${emptyOutputs[@]}"; do if [ "$one" = "$1" ]; then return 0; fi; done
  return 1
}
wrong=
for output in "\${outputs[@]}"; do
  made=$build/$output
  if [ ! -e "$made" ]; then
    echo "error: the recorded output $output was not made" >&2
    wrong=1
  elif isEmpty "$made" && ! mayBeEmpty "$output"; then
    echo "error: the recorded output $output is empty, and was not when it was recorded" >&2
    wrong=1
  else
    mkdir -p "$(dirname "$out/build/$output")"
    cp -rP "$made" "$out/build/$output"
  fi
done
if [ -n "$wrong" ]; then exit 1; fi

for at in "\${!programs[@]}"; do
  if [ -f "$out/build/\${programs[at]}" ] && [ -x "$out/build/\${programs[at]}" ]; then
    mkdir -p "$out/bin"
    ln -s "../build/\${programs[at]}" "$out/bin/\${programNames[at]}"
  fi
done
`;
