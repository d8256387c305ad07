module example.com/line-old

go 1.16
