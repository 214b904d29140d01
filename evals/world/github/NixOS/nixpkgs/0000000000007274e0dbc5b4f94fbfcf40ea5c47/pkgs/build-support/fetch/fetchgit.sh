# Checks out $rev of $url into $out.
source "$stdenv/setup"
export HOME=$NIX_BUILD_TOP GIT_CONFIG_NOSYSTEM=1
if [ -r "${NIX_SSL_CERT_FILE-}" ]; then export GIT_SSL_CAINFO=$NIX_SSL_CERT_FILE; fi
echo "exporting $url (rev $rev) into $out"
runHook preFetch
mkdir -p "$out"
cd "$out"
git init --quiet --initial-branch=fetched
git remote add origin "$url"
# Servers need not give a commit by its name; then all branches and tags are asked for.
git fetch --quiet --depth=1 origin "$rev" 2>/dev/null && git checkout --quiet FETCH_HEAD || {
  git fetch --quiet origin '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*'
  git checkout --quiet "$rev" || { echo "Unable to checkout $rev from $url."; exit 1; }
}
if [ -n "$fetchSubmodules" ] && [ -e .gitmodules ]; then git submodule update --quiet --init --recursive --depth=1; fi
find . -name .git -print0 | xargs -0 rm -rf
runHook postFetch
