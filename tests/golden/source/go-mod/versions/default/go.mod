module example.com/default

go 1.22.2
toolchain default
