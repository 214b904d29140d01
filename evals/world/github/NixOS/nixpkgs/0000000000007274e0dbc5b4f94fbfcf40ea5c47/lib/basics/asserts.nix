# Conditions with a message.
{ lib }:
{
  assertMsg = condition: message: condition || throw message;

  assertOneOf = name: value: allowed:
    lib.assertMsg (builtins.elem value allowed)
      "${name} must be one of ${lib.generators.toPretty { } allowed}, but is: ${lib.generators.toPretty { } value}";

  assertEachOneOf = name: values: allowed:
    lib.assertMsg (builtins.all (value: builtins.elem value allowed) values)
      "each element in ${name} must be one of ${lib.generators.toPretty { } allowed}, but is: ${lib.generators.toPretty { } values}";
}
