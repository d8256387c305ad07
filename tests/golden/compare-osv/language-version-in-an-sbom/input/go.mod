module git.example/acme/shop

go 1.20
