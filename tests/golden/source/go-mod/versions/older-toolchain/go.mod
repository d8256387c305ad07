module example.com/older-toolchain

go 1.23.1
toolchain go1.22.4
