// Deprecated: use the other one.
module example.com/Shop/server // trailing

go 1.24.1
toolchain go1.24.3

require (
	example.com/Upper/Case v1.2.3
	"example.com/quoted" v0.0.0-20240102030405-0123456789ab
	`example.com/raw` v2.0.0+incompatible // indirect; why not
	example.com/local v1.0.0
	example.com/forked v1.4.0
)

require example.com/other v0.9.0 // indirect
require example.com/branchy main
exclude example.com/other v0.8.0
replace (
	example.com/local => ../local
	example.com/forked v1.4.0 => example.org/fork v1.4.1-patched
	example.com/unused v1.0.0 => example.com/never v1.0.0
)
retract [v0.1.0, v0.2.0] // broken
tool example.com/raw/cmd/gen
godebug default=go1.21
ignore ./static
frobnicate yes
