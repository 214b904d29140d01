{
  description = "The list of systems with only aarch64-linux";
  outputs = _: { };
}
