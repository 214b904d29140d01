{
  description = "The list of systems with only x86_64-linux";
  outputs = _: { };
}
