# A flake as seen from one system: what perSystem has as self' and inputs'.
{ lib, names }:
system: flake:
let
  has = attr: throw (
    if flake ? ${attr} then ''
      Attempt to access ${attr}.${system} of flake ${flake}, but it does not have it.
      It does have attribute ${attr}, so it appears that it does not support system type ${system}.
    ''
    else "Attempt to access ${attr}.${system} of flake ${flake}, but it does not have attribute ${attr}."
      + lib.optionalString (attr == "packages" && flake ? legacyPackages) "\nIt does define legacyPackages; try that instead?"
  );
in
lib.genAttrs names (attr: flake.${attr}.${system} or (has attr)) // { formatter = flake.formatter.${system}; }
