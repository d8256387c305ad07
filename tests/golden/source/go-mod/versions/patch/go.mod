module example.com/patch

go 1.21.3
