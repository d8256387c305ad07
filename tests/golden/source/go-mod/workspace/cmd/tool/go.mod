module example.com/w/tool
go 1.23
require example.com/w/api v0.0.0
require example.com/dep v1.2.0
