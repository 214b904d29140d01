# What conditions of manifests may ask of a platform.
targetOf = platform: {
  name = platform.rust.rustcTarget;
  unix = platform.isUnix;
  windows = platform.isWindows;
  test = false;
  inherit (platform.rust.platform) arch os vendor;
  family = platform.rust.platform.target-family;
  env = "gnu";
  endian = if platform.parsed.cpu.significantByte.name == "littleEndian" then "little" else "big";
  pointer_width = toString platform.parsed.cpu.bits;
  debug_assertions = false;
} // extraTargetFlags;

# Of a member's folder, what is no source: results of builds, the editor's and git's own files, and this file.
sourceFilter = name: type:
  let base = baseNameOf (toString name);
  in !(builtins.elem base [ ".gitignore" "Cargo.nix" "tests.nix" ]
    || (type == "directory" && builtins.elem base [ ".git" "target" "_site" ".sass-cache" ".jekyll-metadata" "build-artifacts" ".idea" ".vscode" ])
    || (type == "symlink" && lib.hasPrefix "result" base)
    || builtins.any (suffix: lib.hasSuffix suffix base) [ ".iml" "~" ".tmp" ".bak" ]
    || builtins.match "\\..*sw[a-z]" base != null);

keyOf = dependency: dependency.rename or dependency.name;

# A set with a name for each feature, and for each word about a dependency (dep:x, x/f, x?/f), that follows from some of them.
closure = featureMap: words:
  let
    step = seen: queue:
      if queue == [ ] then seen
      else
        let
          word = builtins.head queue;
          of = builtins.match "([^/?]+)/.*" word;
          # `x/f` turns the optional dependency x on, and the feature that is called after it.
          implied = if of != null && featureMap ? ${builtins.head of} then of else featureMap.${word} or [ ];
        in
        if seen ? ${word} then step seen (builtins.tail queue)
        else step (seen // { ${word} = true; }) (builtins.tail queue ++ implied);
  in
  step { } words;

isOn = set: dependency:
  let key = keyOf dependency;
  in !(dependency.optional or false) || set ? "dep:${key}" || builtins.any (lib.hasPrefix "${key}/") (builtins.attrNames set);

enabled = { set, target, dependencies }:
  builtins.filter
    (dependency: isOn set dependency && (dependency.target or (_: true)) { inherit target; features = builtins.attrNames set; })
    dependencies;

featuresFor = set: dependency:
  let
    key = keyOf dependency;
    passed = builtins.concatMap
      (word: let parts = builtins.match "([^/?]+)[?]?/(.*)" word; in lib.optional (parts != null && builtins.head parts == key) (builtins.elemAt parts 1))
      (builtins.attrNames set);
  in
  lib.optional (dependency.usesDefaultFeatures or true) "default" ++ dependency.features or [ ] ++ passed;

# The features of every crate that is reached from one, as sets: each grows until nothing more is asked for.
resolve = { packageId, features, target, runTests }:
  let
    visit = state: id: words:
      let
        crate = crates.${id};
        known = state.${id} or null;
        set = closure (crate.features or { }) (builtins.attrNames (if known == null then { } else known) ++ words);
        dependencies = crate.dependencies or [ ] ++ crate.buildDependencies or [ ] ++ lib.optionals (runTests && id == packageId) (crate.devDependencies or [ ]);
      in
      if known != null && builtins.attrNames known == builtins.attrNames set then state
      else
        builtins.foldl' (all: dependency: visit all dependency.packageId (featuresFor set dependency)) (state // { ${id} = set; })
          (enabled { inherit set target dependencies; });
  in
  visit { } packageId features;

# Every crate as a derivation.
built = { packageId, features, runTests, build }:
  let
    target = targetOf stdenv.hostPlatform // { test = runTests; };
    sets = resolve { inherit packageId features runTests target; };
    make = id: crate:
      let
        set = sets.${id} or { };
        isRoot = runTests && id == packageId;
        on = dependencies: enabled { inherit set target dependencies; };
        dependencies = on (crate.dependencies or [ ] ++ lib.optionals isRoot (crate.devDependencies or [ ]));
        buildDependencies = on (crate.buildDependencies or [ ]);
        renamed = builtins.filter (dependency: dependency ? rename) (dependencies ++ buildDependencies);
      in
      build pkgs (removeAttrs crate [ "resolvedDefaultFeatures" "devDependencies" ] // {
        src = crate.src or (fetchurl {
          name = "${crate.crateName}-${crate.version}.tar.gz";
          url = "https://static.${registryHost}/crates/${crate.crateName}/${crate.crateName}-${crate.version}.crate";
          inherit (crate) sha256;
        });
        features = builtins.filter (feature: (crate.features or { }) ? ${feature}) (builtins.attrNames set);
        dependencies = map (dependency: all.${dependency.packageId}) dependencies;
        buildDependencies = map (dependency: all.${dependency.packageId}) buildDependencies;
        crateRenames = lib.mapAttrs (_: map (dependency: { inherit (dependency) rename; inherit (crates.${dependency.packageId}) version; }))
          (lib.groupBy (dependency: dependency.name) renamed);
        extraRustcOpts = lib.optional (targetFeatures != [ ]) "-C target-feature=${lib.concatMapStringsSep "," (f: "+${f}") targetFeatures}";
        inherit release;
      });
    all = lib.mapAttrs make crates;
  in
  all;

# A crate that is there only if its tests have passed.
tested = { crate, tests, testCrateFlags, testInputs, testPreRun, testPostRun }:
  let
    test = pkgs.stdenvNoCC.mkDerivation {
      name = "run-tests-${tests.name}";
      inherit (crate) src;
      inherit testCrateFlags;
      buildInputs = testInputs;
      buildPhase = ''
        set -e
        export RUST_BACKTRACE=1
        testRoot=target/debug
        mkdir -p $testRoot
        # In a folder of their own, where the running program finds its neighbours.
        for program in ${crate}/bin/*; do
          [ ! -e "$program" ] || cp "$program" $testRoot
        done
        chmod -R +w .
        hash=$(basename $out)
        for program in ${tests}/tests/*; do
          f=$testRoot/$(basename $program)-$hash
          cp $program $f
          ${testPreRun}
          $f $testCrateFlags 2>&1 | tee -a $out
          ${testPostRun}
        done
        touch $out
      '';
      dontInstall = true;
      dontFixup = true;
    };
  in
  pkgs.runCommand "${crate.name}-linked" { inherit (crate) outputs crateName meta; passthru = (crate.passthru or { }) // { inherit test; }; } ''
    echo tested by ${test}
    ${lib.concatMapStringsSep "\n" (output: "ln -s ${crate.${output}} \$${output}") crate.outputs}
  '';

buildRustCrateWithFeatures =
  { packageId, features ? rootFeatures, crateOverrides ? defaultCrateOverrides, runTests ? false, testCrateFlags ? [ ], testInputs ? [ ], testPreRun ? "", testPostRun ? "" }:
  lib.makeOverridable
    ({ features, crateOverrides, runTests, testCrateFlags, testInputs, testPreRun, testPostRun }:
      let
        # A function of the user's own may have no `override`.
        build = pkgs:
          if crateOverrides == pkgs.defaultCrateOverrides then buildRustCrateForPkgs pkgs
          else (buildRustCrateForPkgs pkgs).override { defaultCrateOverrides = crateOverrides; };
        crate = (built { inherit packageId features build; runTests = false; }).${packageId};
        tests = (built { inherit packageId features build; runTests = true; }).${packageId}.override { buildTests = true; };
      in
      if runTests then tested { inherit crate tests testCrateFlags testInputs testPreRun testPostRun; } else crate)
    { inherit features crateOverrides runTests testCrateFlags testInputs testPreRun testPostRun; };
