module git.example/acme/shop

go 1.20

require git.example/acme/net v0.1.0
