_final: prev: { naersk = prev.callPackage ./. { }; }
