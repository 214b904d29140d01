# Small derivations: a command, a text, a script, links.
{ lib, pkgs }:
let
  inherit (lib) optionalAttrs optionalString;
  inherit (pkgs) runtimeShell;
in
rec {
  runCommandWith = { stdenv ? pkgs.stdenv, runLocal ? false, derivationArgs ? { }, name }: buildCommand:
    stdenv.mkDerivation ({
      enableParallelBuilding = true;
      inherit buildCommand name;
      passAsFile = [ "buildCommand" ] ++ derivationArgs.passAsFile or [ ];
    }
    // optionalAttrs runLocal { preferLocalBuild = true; allowSubstitutes = false; }
    // removeAttrs derivationArgs [ "passAsFile" ]);

  runCommand = name: env: runCommandWith { stdenv = pkgs.stdenvNoCC; runLocal = false; inherit name; derivationArgs = env; };
  runCommandLocal = name: env: runCommandWith { stdenv = pkgs.stdenvNoCC; runLocal = true; inherit name; derivationArgs = env; };
  runCommandCC = name: env: runCommandWith { stdenv = pkgs.stdenv; runLocal = false; inherit name; derivationArgs = env; };

  writeTextFile = { name, text, executable ? false, destination ? "", checkPhase ? "", meta ? { }, passthru ? { }, allowSubstitutes ? false, preferLocalBuild ? true, derivationArgs ? { } }:
    let
      # A relative destination would land beside $out.
      file = if destination == "" || lib.hasPrefix "/" destination then destination else throw "destination must be an absolute path, relative to the derivation's out path, got ${destination} instead.";
      matches = builtins.match "/bin/([^/]+)" destination;
    in
    runCommand name
      ({
        inherit text executable checkPhase allowSubstitutes preferLocalBuild;
        destination = file;
        passAsFile = [ "text" ] ++ derivationArgs.passAsFile or [ ];
        meta = optionalAttrs (executable && matches != null) { mainProgram = builtins.head matches; } // meta // derivationArgs.meta or { };
        passthru = passthru // derivationArgs.passthru or { };
      } // removeAttrs derivationArgs [ "passAsFile" "meta" "passthru" ])
      ''
        target=$out$destination
        mkdir -p "$(dirname "$target")"
        if [ -e "$textPath" ]; then mv "$textPath" "$target"; else echo -n "$text" >"$target"; fi
        if [ -n "$executable" ]; then chmod +x "$target"; fi
        eval "$checkPhase"
      '';

  writeText = name: text: writeTextFile { inherit name; text = if builtins.isString text then text else lib.warn "pkgs.writeText ${lib.strings.escapeNixString name}: The second argument should be a string, but it's a ${builtins.typeOf text} instead, which is deprecated. Use `toString` to convert the value to a string first." (toString text); };
  writeTextDir = path: text: writeTextFile { inherit text; name = baseNameOf path; destination = "/${path}"; };
  writeScript = name: text: writeTextFile { inherit name text; executable = true; };
  writeScriptBin = name: text: writeTextFile { inherit name text; executable = true; destination = "/bin/${name}"; };
  writeShellScript = name: text: writeTextFile {
    inherit name;
    executable = true;
    text = "#!${runtimeShell}\n${text}\n";
    checkPhase = "${pkgs.stdenv.shell} -n \"$target\"";
  };
  writeShellScriptBin = name: text: writeTextFile {
    inherit name;
    executable = true;
    destination = "/bin/${name}";
    text = "#!${runtimeShell}\n${text}\n";
    checkPhase = "${pkgs.stdenv.shell} -n \"$target\"";
    meta.mainProgram = name;
  };
  writeShellApplication =
    { name, text, runtimeInputs ? [ ], runtimeEnv ? null, meta ? { }, passthru ? { }, checkPhase ? null, excludeShellChecks ? [ ], extraShellCheckFlags ? [ ], bashOptions ? [ "errexit" "nounset" "pipefail" ], derivationArgs ? { }, inheritPath ? true }:
    writeTextFile {
      inherit name passthru derivationArgs;
      meta = { mainProgram = name; } // meta;
      executable = true;
      destination = "/bin/${name}";
      text = ''
        #!${runtimeShell}
        ${lib.concatMapStringsSep "\n" (option: "set -o ${option}") bashOptions}
      '' + optionalString (runtimeEnv != null) (lib.concatStrings (lib.mapAttrsToList (n: v: "${lib.toShellVar n v}\nexport ${n}\n") runtimeEnv))
      + optionalString (runtimeInputs != [ ]) "\nexport PATH=\"${lib.makeBinPath runtimeInputs}${optionalString inheritPath ":$PATH"}\"\n"
      + "\n${text}\n";
      # The original also runs shellcheck, which this set does not have.
      checkPhase = if checkPhase != null then checkPhase else "${pkgs.stdenv.shell} -n -O extglob \"$target\"";
    };

  concatTextFile = { name, files, executable ? false, destination ? "", checkPhase ? "", meta ? { }, passthru ? { } }:
    runCommandLocal name { inherit files executable checkPhase meta passthru destination; } ''
      file=$out$destination
      mkdir -p "$(dirname "$file")"
      cat $files >"$file"
      if [ -n "$executable" ]; then chmod +x "$file"; fi
      eval "$checkPhase"
    '';
  concatText = name: files: concatTextFile { inherit name files; };
  concatScript = name: files: concatTextFile { inherit name files; executable = true; };

  # A folder of links to all files of several packages; the first one wins.
  symlinkJoin =
    args@{ name ? assert lib.assertMsg (args ? pname && args ? version) "symlinkJoin requires either a `name` OR `pname` and `version`"; "${args.pname}-${args.version}"
    , paths, stripPrefix ? "", preferLocalBuild ? true, allowSubstitutes ? false, postBuild ? "", failOnMissing ? stripPrefix == "", ... }:
    runCommand name
      (removeAttrs args [ "name" "postBuild" "stripPrefix" "paths" "failOnMissing" ] // {
        inherit preferLocalBuild allowSubstitutes;
        paths = map (path: "${path}${stripPrefix}") (lib.flatten paths);
        passAsFile = [ "paths" ];
      })
      ''
        mkdir -p $out
        for i in $(cat $pathsPath); do
          ${optionalString (!failOnMissing) "if test -d $i; then "}cp -rs --update=none --no-preserve=mode $i/. $out/${optionalString (!failOnMissing) "; fi"}
        done
        ${postBuild}
      '';

  linkFarm = name: entries:
    let
      list = if builtins.isAttrs entries then lib.mapAttrsToList (name: path: { inherit name path; }) entries else entries;
    in
    runCommand name
      {
        preferLocalBuild = true;
        allowSubstitutes = false;
        passthru.entries = builtins.listToAttrs (map (e: lib.nameValuePair e.name e.path) list);
      } ''
      mkdir -p $out
      cd $out
      ${lib.concatMapStrings (e: ''
        mkdir -p -- ${lib.escapeShellArg "${dirOf "${e.name}"}"}
        ln -s -- ${lib.escapeShellArg "${e.path}"} ${lib.escapeShellArg "${e.name}"}
      '') list}
    '';
  linkFarmFromDrvs = name: drvs: linkFarm name (map (drv: { inherit (drv) name; path = drv; }) drvs);
  onlyBin = drv: runCommand "only-bin" { } "mkdir -p $out; ln -s ${lib.getBin drv}/bin $out/bin";

  buildEnv = lib.makeOverridable (
    { name ? if args ? pname && args ? version then "${args.pname}-${args.version}" else throw "buildEnv: `name` is missing", paths, manifest ? "", ignoreCollisions ? false, checkCollisionContents ? true, pathsToLink ? [ "/" ], extraOutputsToInstall ? [ ], postBuild ? "", buildInputs ? [ ], nativeBuildInputs ? [ ], passthru ? { }, meta ? { }, ... }@args:
    let
      outputsOf = drv:
        if !lib.isDerivation drv then [ drv ]
        else (if drv.outputSpecified or false then [ drv ] else map (o: drv.${o}) (drv.meta.outputsToInstall or [ "out" ]))
          ++ lib.concatMap (o: lib.optional (drv ? ${o} && !(builtins.elem o (drv.meta.outputsToInstall or [ ]))) drv.${o}) extraOutputsToInstall;
    in
    runCommand name
      {
        inherit buildInputs nativeBuildInputs passthru meta;
        preferLocalBuild = true;
        allowSubstitutes = false;
        chosen = lib.concatMap outputsOf (lib.flatten paths);
        inherit pathsToLink;
        ignoreCollisions = if ignoreCollisions then "1" else "";
        passAsFile = [ "chosen" ];
      }
      "source ${./build-env.sh}\n${postBuild}"
  );

  writers = {
    writeBash = name: text: writeScript name "#!${runtimeShell}\n${text}";
    writeBashBin = name: text: writeScriptBin name "#!${runtimeShell}\n${text}";
    writeText = writeText;
    writeJSON = name: value: writeText name (builtins.toJSON value);
  };

  makeSetupHook = { name, propagatedBuildInputs ? [ ], propagatedNativeBuildInputs ? [ ], depsTargetTargetPropagated ? [ ], meta ? { }, passthru ? { }, substitutions ? { }, deps ? [ ] }: script:
    runCommand name
      (substitutions // {
        strictDeps = true;
        inherit meta passthru;
        hookInputs = propagatedBuildInputs ++ deps;
        hookNativeInputs = propagatedNativeBuildInputs;
      })
      ''
        mkdir -p $out/nix-support
        cp ${script} $out/nix-support/setup-hook
        chmod u+w $out/nix-support/setup-hook
        [ -z "$hookInputs" ] || printf '%s ' $hookInputs >$out/nix-support/propagated-build-inputs
        [ -z "$hookNativeInputs" ] || printf '%s ' $hookNativeInputs >$out/nix-support/propagated-native-build-inputs
        ${optionalString (substitutions != { }) "substituteAll ${script} $out/nix-support/setup-hook"}
      '';

  replaceVars = src: replacements:
    runCommandLocal (baseNameOf (toString src)) { inherit src; } ''
      substitute $src $out ${lib.concatStringsSep " " (lib.mapAttrsToList (n: v: "--subst-var-by ${lib.escapeShellArg n} ${lib.escapeShellArg "${toString v}"}") replacements)}
      if [ -x $src ]; then chmod +x $out; fi
    '';
  substituteAll = args: throw "substituteAll has been removed: use `replaceVars`";
  applyPatches = { src, name ? (if builtins.isPath src then baseNameOf src else src.name or "source") + "-patched", patches ? [ ], prePatch ? "", postPatch ? "", ... }@args:
    pkgs.stdenvNoCC.mkDerivation ({ inherit name src patches; dontConfigure = true; dontBuild = true; dontFixup = true; installPhase = "cp -R ./ $out"; } // args);
  srcOnly = args:
    let drv = if lib.isDerivation args then args else pkgs.stdenv.mkDerivation args;
    in drv.overrideAttrs (old: { name = "${drv.name}-source"; outputs = [ "out" ]; phases = [ "unpackPhase" "patchPhase" "installPhase" ]; installPhase = "cp -pr --reflink=auto -- . $out"; separateDebugInfo = false; });

  # Fails when the derivation succeeds, and the other way round.
  testers = {
    runCommand = { name, script, ... }@args: runCommand name (removeAttrs args [ "name" "script" ]) script;
    testVersion = { package, command ? "${package.meta.mainProgram or package.pname or package.name} --version", version ? package.version, }:
      runCommand "${package.name}-test-version" { nativeBuildInputs = [ package ]; inherit version; } ''
        if output=$(${command} 2>&1); then
          if grep -Fw -- "$version" - <<<"$output"; then touch $out; else echo "Version string '$version' not found!" >&2; echo "$output" >&2; exit 1; fi
        else
          echo "$output" >&2 && exit 1
        fi
      '';
  };

  formats.json = { }: { generate = name: value: runCommandLocal name { nativeBuildInputs = [ pkgs.jq ]; value = builtins.toJSON value; passAsFile = [ "value" ]; } "jq . \"$valuePath\" >$out"; };
  formats.toml = { }: { generate = name: value: writeText name (import ./to-toml.nix { inherit lib; } value); };

  emptyFile = runCommand "empty-file" { outputHash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; outputHashMode = "flat"; preferLocalBuild = true; } "touch $out";
  emptyDirectory = runCommand "empty-directory" { outputHashAlgo = "sha256"; outputHashMode = "recursive"; outputHash = "0sjjj9z1dhilhpc8pq4154czrb79z9cm044jvn75kxcjv6v5l2m5"; preferLocalBuild = true; } "mkdir $out";
}
