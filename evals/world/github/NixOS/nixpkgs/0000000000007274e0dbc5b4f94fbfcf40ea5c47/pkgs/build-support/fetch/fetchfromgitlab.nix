# The tree of a revision or a tag on a GitLab.
{ lib, fetchzip, fetchgit }:
{ owner, repo, rev ? null, tag ? null, domain ? "gitlab.com", protocol ? "https", group ? null, name ? "source", fetchSubmodules ? false, leaveDotGit ? false, deepClone ? false, forceFetchGit ? false, passthru ? { }, meta ? { }, ... }@args:
let
  slug = lib.concatStringsSep "/" (lib.optional (group != null) group ++ [ owner repo ]);
  escape = lib.replaceStrings [ "." "/" ] [ "%2E" "%2F" ];
  base = "${protocol}://${domain}/${slug}";
  which =
    if (tag == null) == (rev == null) then throw "fetchFromGitLab requires one of either `rev` or `tag` to be provided (not both)."
    else if tag != null then "refs/tags/${tag}" else rev;
  rest = removeAttrs args [ "owner" "repo" "rev" "tag" "domain" "protocol" "group" "fetchSubmodules" "leaveDotGit" "deepClone" "forceFetchGit" ];
  about = { passthru = { inherit owner repo tag; rev = which; gitRepoUrl = "${base}.git"; } // passthru; meta = { homepage = base; } // meta; };
in
if fetchSubmodules || leaveDotGit || deepClone || forceFetchGit
then fetchgit (rest // { inherit name fetchSubmodules leaveDotGit deepClone; url = "${base}.git"; rev = which; } // about)
else fetchzip (rest // {
  inherit name;
  extension = "tar.gz";
  url = "${protocol}://${domain}/api/v4/projects/${escape slug}/repository/archive.tar.gz?sha=${escape which}";
} // about)
