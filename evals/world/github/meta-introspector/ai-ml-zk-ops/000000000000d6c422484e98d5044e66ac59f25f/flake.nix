{
  description = "Names and conventions that projects of this family share (a stand-in with data only)";

  outputs = { self }: {
    lib = {
      # The systems that the family builds for.
      systems = [ "x86_64-linux" "aarch64-linux" ];
      # "CRQ-016" -> "feature/CRQ-016-nixify", the branch that carries a change request's work.
      branchOf = crq: "feature/${crq}-nixify";
      isCrqId = id: builtins.match "CRQ-[0-9]{3,}" id != null;
    };
  };
}
