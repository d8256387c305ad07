module git.example/acme/old

go 1.14

require git.example/acme/used v1.0.0
