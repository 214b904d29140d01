# The host's Go, copied into the store without its own tests and the sources of its commands. Which version the host has cannot be known while
# evaluating, so `version` says "host"; a series that is asked for by its number builds where it is the host's.
{ lib, stdenv, runCommandLocal, series ? null }:
let
  platform = stdenv.hostPlatform;
  arch = { x86_64 = "amd64"; aarch64 = "arm64"; }.${platform.parsed.cpu.name} or platform.parsed.cpu.name;
in
(runCommandLocal "go-${if series == null then "host" else "${series}-host"}"
{
  inherit series;
  pname = "go";
  version = if series == null then "host" else "${series}-host";
  passthru = { GOOS = platform.parsed.kernel.name; GOARCH = arch; CGO_ENABLED = 1; };
  meta = {
    description = "Go Programming language";
    mainProgram = "go";
    license = lib.licenses.bsd3;
    platforms = lib.platforms.unix;
  };
} ''
  if [ ! -e /host/go/bin/go ]; then
    echo "this machine lends the world no Go: it has none that stands in one folder; install it from go.dev, then run the set-up again" >&2
    exit 1
  fi
  have=$(sed -n '1s/^go//p' /host/go/VERSION)
  case "''${series:+$have.}" in
    "" | "$series".*) ;;
    *)
      echo "Go here is one version, that of this machine ($have); go_''${series/./_} evaluates only. Use go." >&2
      exit 1 ;;
  esac
  root=$out/share/go
  mkdir -p $root/src
  cp -r /host/go/bin /host/go/lib /host/go/pkg /host/go/VERSION /host/go/go.env $root/
  for part in /host/go/src/*; do
    [ "''${part##*/}" = cmd ] || cp -r "$part" $root/src/
  done
  chmod -R u+w $root
  find $root/src -name testdata -prune -exec rm -rf {} +
  find $root/src -name '*_test.go' -delete
  ln -s share/go/bin $out/bin
'')
