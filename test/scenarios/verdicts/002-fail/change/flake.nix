{
  outputs =
    { self }:
    {
      greeting = "hi";
      packages.x86_64-linux.note = derivation { name = "note"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" ''echo compiling; exit 3 '' ]; };
    };
}
