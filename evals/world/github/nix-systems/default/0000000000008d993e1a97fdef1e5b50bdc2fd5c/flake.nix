{
  description = "The list of systems that flakes name by default";
  outputs = _: { };
}
