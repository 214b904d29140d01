# Debian packages without touching the system: apt with a state of its own and an empty package database resolves the whole closure,
# and nothing is installed, only unpacked. Packages are verified by apt with the machine's own Debian keys.
# shellcheck shell=sh

is_debian_like() {
  [ "$(uname -s)" = Linux ] && command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1
}

find_machine() {
  case $(uname -m) in
    x86_64) deb_arch=amd64 triple=x86_64-linux-gnu loader=usr/lib64/ld-linux-x86-64.so.2 system=x86_64-linux ;;
    aarch64) deb_arch=arm64 triple=aarch64-linux-gnu loader=usr/lib/ld-linux-aarch64.so.1 system=aarch64-linux ;;
    *) deb_arch=none triple=none loader=none system=none ;;
  esac
}

no_debian_message() {
  nix_have=$(nix_version)
  if [ -n "$nix_have" ] && version_at_least "$nix_have" 2.19; then
    cannot "Nix $nix_have of this machine is used. The offline world (--world, the demo, evals) needs Debian's packages and could not be had:
there is no apt-get and dpkg-deb here. All else works, with live Nix."
    return 0
  fi
  cannot "Nix 2.19 or newer could not be had (found: ${nix_have:-none}): there is no apt-get and dpkg-deb here to unpack a private one with.
Install it with the official installer, then run the same command again:
  sh <(curl --proto '=https' --tlsv1.2 -L https://nixos.org/nix/install)
Everything that needs no Nix works without it; verdicts that need Nix say 'unavailable'."
}

nix_version() {
  command -v nix >/dev/null 2>&1 || return 0
  nix --version 2>/dev/null | sed -n 's/^nix (Nix.*) \([0-9][0-9.]*\).*/\1/p'
}

# version_at_least HAVE WANT, both MAJOR.MINOR[...]
version_at_least() {
  awk -v a="$1" -v b="$2" 'BEGIN { split(a, x, "."); split(b, y, "."); exit !(x[1] > y[1] || (x[1] == y[1] && x[2] >= y[2])) }'
}

# Can the private prefix be made here at all? Says why not.
debian_can() {
  if [ "$deb_arch" = none ]; then
    cannot "The private Nix is made for x86-64 and aarch64 only; this is $(uname -m). Install Nix 2.19 or newer yourself for live use."
    return 1
  fi
  case $prefix in
    *:* | *';'* | *'
'*)
      cannot "The private Nix could not be set up: the folder's name has a colon, a semicolon or a line break, which no library path can hold."
      return 1 ;;
  esac
  for tool in tar xargs find awk sed; do
    command -v $tool >/dev/null 2>&1 || { cannot "The private Nix could not be set up: '$tool' is missing."; return 1; }
  done
}

# The address of Debian's archive as this machine's own sources give it; CRQ_AGENT_DEBIAN overrules it.
debian_address() {
  if [ -n "${CRQ_AGENT_DEBIAN:-}" ]; then printf '%s\n' "$CRQ_AGENT_DEBIAN"; return 0; fi
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
    awk -F'|' '$4 == "main" && $3 !~ /security/ && ($1 == "Debian" || $2 ~ /\/debian\/?$/) { print $2; exit }'
}

# A private apt: its own sources, lists, cache, and a database in which nothing is installed. Sets $apt_root.
open_apt() {
  [ -z "$apt_root" ] || return 0
  archive=$(debian_address)
  if [ -z "$archive" ]; then
    say "no Debian archive is named in this machine's apt sources. Set CRQ_AGENT_DEBIAN to the address of one that carries '$debian_suite'."
    return 1
  fi
  begin "package lists of $debian_suite"
  apt_root=$work/apt
  mkdir -p "$apt_root/lists/partial" "$apt_root/cache/archives/partial"
  : >"$apt_root/status"
  # bookworm's keyring and later ones hold trixie's keys. Without the file apt falls back to its trusted keys; it never goes unverified.
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  if [ -r "$keyring" ]; then signed=" signed-by=$keyring"; else signed=; fi
  printf 'deb [arch=%s target=Packages%s] %s %s main\n' "$deb_arch" "$signed" "$archive" "$debian_suite" >"$apt_root/sources.list"
  # The machine's hooks are for the machine's packages; its proxy settings and the like stay in force.
  cat >"$apt_root/apt.conf" <<EOF
Dir::Etc::SourceList "$apt_root/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State "$apt_root";
Dir::State::Lists "$apt_root/lists";
Dir::State::status "$apt_root/status";
Dir::Cache "$apt_root/cache";
APT::Architecture "$deb_arch";
APT::Architectures { "$deb_arch"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
EOF
  private_apt -qq update >&2 || {
    say "apt could not read the package lists of $debian_suite; its message is above"
    [ -n "$signed" ] || say "Debian's keys are not in $keyring: the package debian-archive-keyring of this machine's distribution brings them"
    return 1
  }
  done_with "$(private_apt --version | sed -n '1s/ (.*//p'), signatures checked"
}

private_apt() { apt-get -c "$apt_root/apt.conf" "$@"; }

# closure_of LIST: the names of the packages of a list and of all they depend on, less the lines that start with -.
closure_of() {
  packages_of "$1" | sed -n 's/^-//p' >"$work/left-out"
  # shellcheck disable=SC2046
  private_apt install --print-uris -y -qq $(packages_of "$1" | grep -v '^-') >"$work/uris" || return 1
  awk -F"'" 'NF >= 3 { split($3, f, " "); split(f[1], n, "_"); print n[1] }' "$work/uris" | sort >"$work/closure"
  grep -vxF -f "$work/left-out" "$work/closure" || [ ! -s "$work/closure" ]
}

# fetch_packages FOLDER NAME...: exactly these packages, verified, into FOLDER.
fetch_packages() {
  fetch_folder=$1
  shift
  mkdir -p "$fetch_folder"
  (cd "$fetch_folder" && private_apt -qq download "$@") >"$work/apt-says" 2>&1 || {
    sed -n 1,3p "$work/apt-says" >&2
    say "apt could not download the packages; its first lines are above. Free space here: $(df -h "$work" | awk 'END { print $4 }')."
    return 1
  }
}

# unpack FOLDER TREE: every package of FOLDER into TREE, without what is only for reading.
unpack() {
  mkdir -p "$2/usr/bin" "$2/usr/lib" "$2/usr/lib64" "$2/usr/sbin"
  for merged in bin lib lib64 sbin; do ln -s "usr/$merged" "$2/$merged"; done
  # shellcheck disable=SC2016
  find "$1" -name '*.deb' -print0 | TREE=$2 xargs -0 -n 1 -P "$(nproc)" sh -c '
    dpkg-deb --fsys-tarfile "$1" | tar -x -f - -C "$TREE" --keep-directory-symlink --no-same-owner --exclude="./usr/share/doc" \
      --exclude="./usr/share/man" --exclude="./usr/share/info" --exclude="./usr/share/locale" --exclude="./usr/share/lintian" \
      --exclude="./usr/share/bug" --exclude="./usr/share/bash-completion" --exclude="./var"' sh || return 1
  find "$1" -name '*.deb' | sed -e 's|.*/||' -e 's|_[^_]*\.deb$||' -e 's/%3a/:/g' | sort >"$2/.packages"
}
