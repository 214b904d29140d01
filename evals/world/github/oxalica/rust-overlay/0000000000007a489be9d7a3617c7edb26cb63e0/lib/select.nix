# Which release a channel means, by rustup's words for it: stable, beta, nightly, 1.85, 1.85.0, beta-DATE, nightly-DATE.
{ lib, manifests }:
{ channel, date ? null }:
let
  dated = builtins.match "(beta|nightly)-([0-9]+-[0-9]+-[0-9]+)" channel;
  version = builtins.match "([0-9]+\\.[0-9]+)(\\.[0-9]+)?" channel;
  patches = lib.sort lib.versionOlder (lib.filter (lib.hasPrefix "${channel}.") (lib.attrNames manifests.stable));
  undated = value: if date == null then value else throw "Stable version with specific date is not supported";
  ofDate = words: kind: day: manifests.${kind}.${day} or (throw "${words} ${day} is not available");
in
if channel == "stable" then undated manifests.stable.latest
else if channel == "nightly" then ofDate "Nightly" "nightly" (if date == null then "latest" else date)
else if channel == "beta" then ofDate "Beta" "beta" (if date == null then "latest" else date)
else if dated != null && date != null then throw "Cannot specify date in both `channel` and `date`"
else if dated != null then ofDate (if lib.head dated == "beta" then "Beta" else "Nightly") (lib.head dated) (lib.last dated)
else if version == null then throw "Unknown channel: ${channel}"
else if lib.last version != null then undated (manifests.stable.${channel} or (throw "Stable ${channel} is not available"))
else undated (if patches == [ ] then throw "No stable ${channel}.* is available" else manifests.stable.${lib.last patches})
