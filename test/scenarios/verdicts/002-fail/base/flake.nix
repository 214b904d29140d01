{
  outputs =
    { self }:
    {
      greeting = "hello";
    };
}
