module git.example/acme/new

go 1.25.1

require git.example/acme/used v1.1.0
