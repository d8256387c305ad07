module example.com/custom

go 1.21.0
toolchain go1.22.4-acme
