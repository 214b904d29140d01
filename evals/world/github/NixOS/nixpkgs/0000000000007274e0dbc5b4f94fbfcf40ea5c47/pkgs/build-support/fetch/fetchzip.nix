# An archive, unpacked; the hash is of the tree.
{ lib, fetchurl }:
{ name ? "source", url ? "", urls ? [ ], stripRoot ? true, postFetch ? "", extraPostFetch ? "", extension ? null, nativeBuildInputs ? [ ], passthru ? { }, meta ? { }, ... }@args:
let
  first = if url != "" then url else builtins.head urls;
in
fetchurl ({
  inherit name nativeBuildInputs meta;
  passthru = { inherit url; } // passthru;
  recursiveHash = true;
  downloadToTemp = true;
  postFetch = ''
    unpackDir="$TMPDIR/unpack"
    mkdir "$unpackDir"
    cd "$unpackDir"
    renamed="$TMPDIR/${if extension != null then "download.${extension}" else baseNameOf (lib.head (lib.splitString "?" first))}"
    mv "$downloadedFile" "$renamed"
    unpackFile "$renamed"
    chmod -R +w "$unpackDir"
    ${if stripRoot then ''
      if [ $(ls -A "$unpackDir" | wc -l) != 1 ]; then
        echo "error: zip file must contain a single file or directory."
        echo "hint: Pass stripRoot=false; to fetchzip to assume flat list of files."
        exit 1
      fi
      fn=$(cd "$unpackDir" && ls -A)
      if [ -f "$unpackDir/$fn" ]; then mkdir $out; fi
      mv "$unpackDir/$fn" "$out"
    '' else ''
      mv "$unpackDir" "$out"
    ''}
    ${postFetch}
    ${extraPostFetch}
    chmod 755 "$out"
  '';
} // removeAttrs args [ "name" "stripRoot" "postFetch" "extraPostFetch" "extension" "nativeBuildInputs" "passthru" "meta" ])
