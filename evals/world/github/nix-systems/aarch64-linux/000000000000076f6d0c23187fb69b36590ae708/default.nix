[ "aarch64-linux" ]
