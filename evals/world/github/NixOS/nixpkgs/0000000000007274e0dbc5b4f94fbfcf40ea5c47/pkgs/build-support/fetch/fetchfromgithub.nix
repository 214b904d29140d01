# The tree of a revision or a tag on GitHub.
{ lib, fetchzip, fetchgit }:
{ owner, repo, rev ? null, tag ? null, name ? "source", fetchSubmodules ? false, leaveDotGit ? false, deepClone ? false, forceFetchGit ? false, githubBase ? "github.com", passthru ? { }, meta ? { }, ... }@args:
let
  base = "https://${githubBase}/${owner}/${repo}";
  which =
    if tag != null && rev != null then throw "fetchFromGitHub requires one of either `rev` or `tag` to be provided (not both)."
    else if tag != null then "refs/tags/${tag}"
    else if rev != null then rev
    else throw "fetchFromGitHub requires one of either `rev` or `tag` to be provided (not both).";
  rest = removeAttrs args [ "owner" "repo" "rev" "tag" "fetchSubmodules" "leaveDotGit" "deepClone" "forceFetchGit" "githubBase" ];
  about = { passthru = { inherit owner repo tag; rev = which; gitRepoUrl = "${base}.git"; } // passthru; meta = { homepage = base; } // meta; };
in
if fetchSubmodules || leaveDotGit || deepClone || forceFetchGit
then fetchgit (rest // { inherit name fetchSubmodules leaveDotGit deepClone; url = "${base}.git"; rev = which; } // about)
else fetchzip (rest // { inherit name; url = "${base}/archive/${which}.tar.gz"; } // about)
