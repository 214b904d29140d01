{
  outputs =
    { self }:
    {
      greeting = "hello";
      packages.x86_64-linux.note = derivation { name = "note"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" ''while read -r line; do echo "$line"; done < ${./note.txt} > $out '' ]; };
      checks.x86_64-linux.reads = derivation { name = "note"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" ''/bin/sh -c 'echo all tests passed > $out' '' ]; };
    };
}
