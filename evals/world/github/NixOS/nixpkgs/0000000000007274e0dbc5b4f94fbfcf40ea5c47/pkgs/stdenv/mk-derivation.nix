# mkDerivation: attributes in, a derivation with outputs, meta and overrideAttrs out.
{ lib, config, stdenv }:
let
  inherit (builtins) concatMap elem hasAttr isAttrs isBool isFunction isInt isList isPath isString mapAttrs;
  inherit (lib) filterAttrs isDerivation optional optionalAttrs optionals;

  checkMeta = import ./check-meta.nix { inherit lib config; inherit (stdenv) hostPlatform; };

  hardeningFlags = [ "bindnow" "format" "fortify" "pic" "relro" "stackprotector" "strictoverflow" ];
  otherHardeningFlags = [ "all" "fortify3" "pie" "shadowstack" "stackclashprotection" "zerocallusedregs" "trivialautovarinit" "pacret" "strictflexarrays1" "strictflexarrays3" "libcxxhardeningfast" "libcxxhardeningextensive" "glibcxxassertions" "nostrictaliasing" ];

  # A function of the final attributes, over and over until nobody overrides any more.
  extensible = attrsOf:
    let
      args = attrsOf (args // { inherit finalPackage overrideAttrs; });
      overrideAttrs = change: extensible (lib.fixedPoints.extends (lib.fixedPoints.toExtension change) attrsOf);
      finalPackage = simple overrideAttrs args;
    in
    finalPackage;

  inputsOf = name: list: concatMapFlat [ ] name list;
  concatMapFlat = positions: what: list:
    builtins.concatLists (lib.imap1
      (index: dep:
        if dep == null then [ ]
        else if isDerivation dep then [ (lib.getDev dep) ]
        else if isString dep || isPath dep || (isAttrs dep && dep ? outPath) then [ dep ]
        else if isList dep then concatMapFlat ([ index ] ++ positions) what dep
        else throw "Dependency is not of a valid type: ${lib.concatMapStrings (ix: "element ${toString ix} of ") ([ index ] ++ positions)}${what}")
      list);

  simple = overrideAttrs:
    { name ? ""
    , meta ? { }
    , passthru ? { }
    , pos ? (
        if meta.description or null != null then builtins.unsafeGetAttrPos "description" attrs.meta
        else if attrs ? version then builtins.unsafeGetAttrPos "version" attrs
        else builtins.unsafeGetAttrPos "name" attrs)
    , outputs ? [ "out" ]
    , env ? { }
    , strictDeps ? config.strictDepsByDefault or false
    , doCheck ? false
    , doInstallCheck ? false
    , hardeningEnable ? [ ]
    , hardeningDisable ? [ ]
    , ...
    }@attrs:
    let
      drvName =
        if name != "" then name
        else if attrs ? pname && attrs ? version then "${attrs.pname}-${attrs.version}"
        else if attrs ? pname then throw "mkDerivation: the derivation `${attrs.pname}` has a `pname` but no `version`; give both, or `name`"
        else throw "mkDerivation: either `name`, or `pname` and `version`, must be given";

      inputs = attr: extra:
        inputsOf "${attr} for ${drvName}" ((let given = attrs.${attr} or [ ]; in if isList given then given else throw "mkDerivation: `${attr}` of ${drvName} must be a list, but is of type ${builtins.typeOf given}") ++ extra);

      # Known flags only: a slip would otherwise switch nothing off in silence.
      unknownFlags = lib.subtractLists (hardeningFlags ++ otherHardeningFlags) (hardeningDisable ++ hardeningEnable);
      hardening =
        if unknownFlags != [ ] then throw "mkDerivation was called with unsupported hardening flags: ${lib.concatStringsSep ", " unknownFlags}"
        else if elem "all" hardeningDisable then [ ]
        else builtins.filter (flag: !elem flag hardeningDisable) hardeningFlags;

      structured = attrs.__structuredAttrs or false;
      plain = removeAttrs attrs [ "meta" "passthru" "pos" "env" "checkInputs" "installCheckInputs" "nativeCheckInputs" "nativeInstallCheckInputs" "hardeningEnable" "hardeningDisable" "__contentAddressed" "finalPackage" "overrideAttrs" ];
      checkedEnv =
        let
          bad = filterAttrs (_: v: !(isString v || isBool v || isInt v || isDerivation v || isPath v)) env;
          twice = builtins.attrNames (builtins.intersectAttrs env drvArgs);
        in
        if !isAttrs env || isDerivation env then throw "The `env` argument of ${drvName} must be an attribute set"
        else if bad != { } then let n = builtins.head (builtins.attrNames bad); in throw "The `env` attribute set can only contain derivation, string, boolean or integer attributes. The `${n}` attribute is of type ${builtins.typeOf bad.${n}}."
        else if twice != [ ] then throw "The `env` attribute set cannot contain any attributes passed to derivation. The following attributes are overlapping: ${lib.concatStringsSep ", " twice}"
        else env;

      drvArgs = plain // {
        name = lib.strings.sanitizeDerivationName drvName;
        inherit (stdenv.buildPlatform) system;
        builder = attrs.realBuilder or "${stdenv.shell}";
        args = attrs.args or [ "-e" (attrs.builder or ./builder.sh) ];
        inherit stdenv outputs;
        __ignoreNulls = true;
        inherit strictDeps doCheck doInstallCheck;
        nativeBuildInputs = inputs "nativeBuildInputs" (optionals doCheck (attrs.nativeCheckInputs or [ ]) ++ optionals doInstallCheck (attrs.nativeInstallCheckInputs or [ ]));
        buildInputs = inputs "buildInputs" (optionals doCheck (attrs.checkInputs or [ ]) ++ optionals doInstallCheck (attrs.installCheckInputs or [ ]));
        propagatedBuildInputs = inputs "propagatedBuildInputs" [ ];
        propagatedNativeBuildInputs = inputs "propagatedNativeBuildInputs" [ ];
        depsBuildBuild = inputs "depsBuildBuild" [ ];
        patches = attrs.patches or [ ];
        configureFlags = let flags = attrs.configureFlags or [ ]; in flags;
      }
      // optionalAttrs (hardeningDisable != [ ] || hardeningEnable != [ ]) { NIX_HARDENING_ENABLE = lib.concatStringsSep " " hardening; }
      // optionalAttrs (meta ? mainProgram) { NIX_MAIN_PROGRAM = meta.mainProgram; };

      realArgs = removeAttrs drvArgs [ "realBuilder" ] // (if structured then { env = checkedEnv; } else checkedEnv);

      finalMeta = {
        name = drvName;
        outputsToInstall =
          let first = lib.findFirst (o: elem o outputs) null [ "bin" "out" ];
          in [ (if first == null then builtins.head outputs else first) ] ++ optional (elem "man" outputs) "man";
        available = validity.valid;
        unfree = validity.unfree; broken = validity.broken; unsupported = validity.unsupported; insecure = false;
      } // meta // optionalAttrs (pos != null) { position = "${pos.file}:${toString pos.line}"; };
      validity = checkMeta { name = drvName; inherit meta pos; };
    in
    lib.extendDerivation validity.handled
      ({
        meta = finalMeta;
        inherit overrideAttrs passthru;
        # What mkShell's inputsFrom and `nix develop` of a package look at.
        inputDerivation = derivation (removeAttrs realArgs [ "outputHash" "outputHashAlgo" "outputHashMode" "outputs" "allowedReferences" "allowedRequisites" ] // {
          name = "inputDerivation-${drvArgs.name}";
          outputs = [ "out" ];
          args = [ "-c" "export > $out; for var in $passAsFile; do pathVar=\"\${var}Path\"; printf \"%s\" \"$(< \"\${!pathVar}\")\" >> $out; done" ];
        });
      } // optionalAttrs (attrs ? pname) { inherit (attrs) pname; }
      // optionalAttrs (attrs ? version) { inherit (attrs) version; }
      // passthru)
      (derivation realArgs);
in
fnOrAttrs: if isFunction fnOrAttrs then extensible fnOrAttrs else extensible (_: fnOrAttrs)
