module git.example/acme/left/tests

go 1.22.0

require git.example/acme/left v1.0.0
