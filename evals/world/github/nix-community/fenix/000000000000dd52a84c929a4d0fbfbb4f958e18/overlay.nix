final: prev: { fenix = prev.callPackage ./. { }; }
