module example.com/toolchain-line

go 1.21
toolchain go1.22
