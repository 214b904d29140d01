{ defaultSystems ? [ "aarch64-linux" "aarch64-darwin" "x86_64-darwin" "x86_64-linux" ] }:
let
  inherit (builtins) attrNames concatMap elem foldl' isAttrs listToAttrs;

  # Every system name that a package set may know; naming one through `system` catches slips.
  allSystems = import ./all-systems.nix;
  system = listToAttrs (map (name: { inherit name; value = name; }) allSystems);

  # An impure evaluation also gets the machine's own system.
  withCurrent = systems:
    if builtins ? currentSystem && !elem builtins.currentSystem systems then systems ++ [ builtins.currentSystem ] else systems;

  # f system = { packages = p; } for each system, turned round to { packages.${system} = p; }.
  eachSystem = systems: f:
    foldl'
      (all: name:
        let ret = f name;
        in foldl' (acc: output: acc // { ${output} = acc.${output} or { } // { ${name} = ret.${output}; }; }) all (attrNames ret))
      { }
      (withCurrent systems);

  # The sets that f gives, merged as they are: f names the systems itself.
  eachSystemPassThrough = systems: f: foldl' (all: name: all // f name) { } (withCurrent systems);
  eachSystemMap = systems: f: listToAttrs (map (name: { inherit name; value = f name; }) systems);

  isDerivation = value: isAttrs value && value.type or null == "derivation";

  # The derivations of a tree, by paths such as "tools/git"; only sets marked with recurseForDerivations are entered.
  flattenTree = tree:
    let
      walk = path: set: concatMap
        (name:
          let value = set.${name}; here = if path == "" then name else "${path}/${name}";
          in if isDerivation value then [ { name = here; inherit value; } ]
          else if isAttrs value && value.recurseForDerivations or false == true then walk here value
          else [ ])
        (attrNames set);
    in
    listToAttrs (walk "" tree);

  # Without what `nix flake check` would trip over: broken packages and those for other systems.
  filterPackages = onSystem: packages:
    let
      fits = value:
        isDerivation value && !(value.meta.broken or false)
        && elem onSystem (value.meta.platforms or allSystems) && !elem onSystem (value.meta.badPlatforms or [ ]);
    in
    removeAttrs packages (builtins.filter (name: !fits packages.${name}) (attrNames packages));

  mkApp = { drv, name ? drv.pname or drv.name, exePath ? drv.passthru.exePath or "/bin/${name}" }: {
    type = "app";
    program = "${drv}${exePath}";
  };

  recursiveUpdate = left: right:
    left // builtins.mapAttrs (name: value: if left ? ${name} && isAttrs left.${name} && isAttrs value then recursiveUpdate left.${name} value else value) right;
  meld = inputs: foldl' (out: subflake: recursiveUpdate out (import subflake inputs)) { };

  check-utils = systemOrPkgs:
    let
      onSystem = systemOrPkgs.system or systemOrPkgs;
      text = value: if value == null then "null" else
        let joined = builtins.concatStringsSep "" (map (part: if builtins.isList part then "-" else part) (builtins.split "[^[:alnum:]+._?=-]+" (toString value)));
        in if joined == "" then "-EMPTY-" else builtins.substring 0 80 joined;
      test = name: command: derivation { system = onSystem; name = text name; builder = "/bin/sh"; args = [ "-c" command ]; };
      success = test "SUCCESS" "echo success > $out";
    in
    {
      isEqual = a: b: if a == b then success else test "FAILURE__${text a}__NOT_EQUAL__${text b}" "exit 1";
      hasKey = set: key: if set ? ${key} then success else test "FAILURE__${text key}__DOES_NOT_EXISTS_IN_ATTRSET_SIZE_${toString (builtins.length (attrNames set))}" "exit 1";
    };

  simpleFlake =
    { self, nixpkgs, name, config ? { }, overlay ? null, preOverlays ? [ ], shell ? null, systems ? defaultSystems }:
    let load = given: if builtins.isPath given || builtins.isString given then import given else given;
    in eachSystem systems (onSystem:
      let
        pkgs = import nixpkgs {
          system = onSystem;
          inherit config;
          overlays = preOverlays ++ (if overlay == null then [ ] else [ (load overlay) ]);
        };
        packages = pkgs.${name} or { };
      in
      { legacyPackages = packages; }
      // (if packages ? defaultPackage then { inherit (packages) defaultPackage; } else { })
      // (if packages ? checks then { inherit (packages) checks; } else { })
      // (if shell != null then { devShell = load shell { inherit pkgs; }; } else if packages ? devShell then { inherit (packages) devShell; } else { }));
in
{
  inherit allSystems check-utils defaultSystems eachSystem eachSystemMap eachSystemPassThrough filterPackages flattenTree meld mkApp simpleFlake system;
  eachDefaultSystem = eachSystem defaultSystems;
  eachDefaultSystemMap = eachSystemMap defaultSystems;
  eachDefaultSystemPassThrough = eachSystemPassThrough defaultSystems;
}
