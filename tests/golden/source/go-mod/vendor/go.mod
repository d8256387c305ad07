module example.com/v
go 1.22
require (
	example.com/a v1.0.0
	example.com/b v1.0.0
)
replace example.com/b => ./b
replace example.com/z => example.com/y v3.0.0
