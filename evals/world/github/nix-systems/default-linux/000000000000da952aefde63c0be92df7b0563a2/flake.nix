{
  description = "The list of Linux systems that flakes name by default";
  outputs = _: { };
}
