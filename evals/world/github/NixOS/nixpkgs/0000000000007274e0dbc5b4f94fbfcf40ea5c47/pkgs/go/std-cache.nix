# Compiled packages of Go's library, as go's own build cache: nixpkgs' buildGoModule compiles them in every package, twice where it tests.
{ stdenv, go }:
stdenv.mkDerivation {
  name = "go-std-cache";
  nativeBuildInputs = [ go ];
  dontUnpack = true;
  dontFixup = true;
  GOTOOLCHAIN = "local";
  CGO_ENABLED = go.CGO_ENABLED;
  packages = [
    "bufio" "bytes" "context" "embed" "encoding/csv" "encoding/json" "errors" "flag" "fmt" "io" "io/fs" "log" "maps" "math" "os"
    "path/filepath" "regexp" "runtime/cgo" "slices" "sort" "strconv" "strings" "sync" "testing" "text/tabwriter" "time" "unicode/utf8"
  ];
  buildPhase = ''
    export GOCACHE=$TMPDIR/cache GOPATH=$TMPDIR/go
    go build -trimpath $packages
    go build $packages
  '';
  installPhase = "cp -r $TMPDIR/cache $out";
}
