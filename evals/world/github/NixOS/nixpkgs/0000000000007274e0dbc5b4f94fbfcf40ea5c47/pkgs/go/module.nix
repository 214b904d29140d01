# buildGoModule: go install of the packages of a module, with its dependencies vendored behind one hash and without network.
{ lib, stdenv, go, stdCache, cacert, git }:
lib.extendMkDerivation {
  constructDrv = stdenv.mkDerivation;
  excludeDrvArgNames = [ "overrideModAttrs" "CGO_ENABLED" ];

  extendDrvArgs = finalAttrs:
    { nativeBuildInputs ? [ ]
    , passthru ? { }
    , overrideModAttrs ? (_final: _previous: { })
    , modRoot ? "./"
    , vendorHash ? throw (
        if args ? vendorSha256 then "buildGoModule: Expect vendorHash instead of vendorSha256"
        else "buildGoModule: vendorHash is missing")
    , deleteVendor ? false
    , proxyVendor ? false
    , goSum ? null
    , allowGoReference ? false
    , ldflags ? [ ]
    , GOFLAGS ? [ ]
    , meta ? { }
    , ...
    }@args:
    let
      phase = name: text: args.${name} or text;
      common = { GO111MODULE = "on"; GOTOOLCHAIN = "local"; };
    in
    if args ? buildFlags || args ? buildFlagsArray then throw "`buildFlags`/`buildFlagsArray` are deprecated and will be removed in the 24.11 release. Use the `ldflags` and/or `tags` attributes instead of `buildFlags`/`buildFlagsArray`"
    else if args ? GOOS || args ? GOARCH then throw "buildGoModule: GOOS and GOARCH belong into `env`"
    else {
      inherit modRoot vendorHash deleteVendor proxyVendor goSum;

      goModules =
        if finalAttrs.vendorHash == null then ""
        else (stdenv.mkDerivation {
          name = "${finalAttrs.name or "${finalAttrs.pname}-${finalAttrs.version}"}-go-modules";
          nativeBuildInputs = (finalAttrs.nativeBuildInputs or [ ]) ++ [ go git cacert ];
          inherit (finalAttrs) src modRoot deleteVendor proxyVendor;
          prePatch = finalAttrs.prePatch or "";
          patches = finalAttrs.patches or [ ];
          patchFlags = finalAttrs.patchFlags or [ ];
          postPatch = finalAttrs.postPatch or "";
          preBuild = finalAttrs.preBuild or "";
          postBuild = finalAttrs.modPostBuild or "";
          sourceRoot = finalAttrs.sourceRoot or "";
          setSourceRoot = finalAttrs.setSourceRoot or "";
          env = (finalAttrs.env or { }) // common;
          impureEnvVars = lib.fetchers.proxyImpureEnvVars ++ [ "GIT_PROXY_COMMAND" "SOCKS_SERVER" "GOPROXY" ];

          configurePhase = phase "modConfigurePhase" ''
            runHook preConfigure
            export GOCACHE=$TMPDIR/go-cache
            export GOPATH="$TMPDIR/go"
            cd "$modRoot"
            runHook postConfigure
          '';
          buildPhase = phase "modBuildPhase" ''
            runHook preBuild
            if [ -n "$deleteVendor" ]; then
              if [ ! -d vendor ]; then
                echo "vendor folder does not exist, 'deleteVendor' is not needed"
                exit 10
              fi
              rm -rf vendor
            fi
            if [ -d vendor ]; then
              echo "vendor folder exists, please set 'vendorHash = null;' in your expression"
              exit 10
            fi
            if [ -n "$proxyVendor" ]; then
              mkdir -p "$GOPATH/pkg/mod/cache/download"
              go mod download
            else
              go mod vendor
            fi
            mkdir -p vendor
            runHook postBuild
          '';
          installPhase = phase "modInstallPhase" ''
            runHook preInstall
            if [ -n "$proxyVendor" ]; then
              rm -rf "$GOPATH/pkg/mod/cache/download/sumdb"
              cp -r "$GOPATH/pkg/mod/cache/download" $out
            else
              cp -r vendor $out
            fi
            if ! [ "$(ls -A $out)" ]; then
              echo "vendor folder is empty, please set 'vendorHash = null;' in your expression"
              exit 10
            fi
            runHook postInstall
          '';
          dontFixup = true;
          strictDeps = true;
          outputHashMode = "recursive";
          outputHash = finalAttrs.vendorHash;
          outputHashAlgo = if finalAttrs.vendorHash == "" then "sha256" else null;
        }).overrideAttrs finalAttrs.passthru.overrideModAttrs;

      nativeBuildInputs = [ go ] ++ nativeBuildInputs;
      env = (args.env or { }) // common // {
        GOOS = args.env.GOOS or go.GOOS;
        GOARCH = args.env.GOARCH or go.GOARCH;
        CGO_ENABLED = args.env.CGO_ENABLED or args.CGO_ENABLED or go.CGO_ENABLED;
      };
      GOFLAGS = GOFLAGS ++ lib.optional (!finalAttrs.proxyVendor) "-mod=vendor" ++ lib.optional (!allowGoReference) "-trimpath";
      ldflags = ldflags ++ [ "-buildid=" ];

      configurePhase = phase "configurePhase" (''
        runHook preConfigure
        export GOCACHE=$TMPDIR/go-cache
        cp -r ${stdCache} $GOCACHE
        chmod -R u+w $GOCACHE
        export GOPATH="$TMPDIR/go"
        export GOPROXY=off
        export GOSUMDB=off
        cd "$modRoot"
      '' + lib.optionalString (finalAttrs.vendorHash != null) (
        if finalAttrs.proxyVendor then ''
          export GOPROXY="file://$goModules"
        '' else ''
          rm -rf vendor
          cp -r "$goModules" vendor
        ''
      ) + ''
        runHook postConfigure
      '');

      buildPhase = phase "buildPhase" ''
        runHook preBuild
        source ${./directories.sh}
        if [ -z "''${enableParallelBuilding-}" ]; then export NIX_BUILD_CORES=1; fi
        for pkg in $(getGoDirs ""); do
          echo "Building subPackage $pkg"
          buildGoDir install "$pkg"
        done
        runHook postBuild
      '';
      enableParallelBuilding = args.enableParallelBuilding or true;

      doCheck = args.doCheck or true;
      checkPhase = phase "checkPhase" ''
        runHook preCheck
        source ${./directories.sh}
        # Tests may look for their files by the place of their source.
        export GOFLAGS=''${GOFLAGS//-trimpath/}
        for pkg in $(getGoDirs test); do
          buildGoDir test "$pkg"
        done
        runHook postCheck
      '';

      installPhase = phase "installPhase" ''
        runHook preInstall
        mkdir -p $out
        dir="$GOPATH/bin"
        [ -e "$dir" ] && cp -r $dir $out
        runHook postInstall
      '';

      strictDeps = true;
      disallowedReferences = lib.optional (!allowGoReference) go;
      passthru = { inherit go; overrideModAttrs = lib.toExtension overrideModAttrs; } // passthru;
      meta = { platforms = go.meta.platforms or lib.platforms.all; } // meta;
    };
}
