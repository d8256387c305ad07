module example.com/bad
require example.com/a
replace example.com/a v1 example.com/b
require "example.com/q v1.0.0
require example.com/[31mred v1.0.0
require (
	example.com/ok v1.0.0
)
go 1.20 extra
