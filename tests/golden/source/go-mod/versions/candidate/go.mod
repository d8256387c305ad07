module example.com/candidate

go 1.22rc1
