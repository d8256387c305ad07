module git.example/acme/tool

go 1.25.1

require git.example/acme/used v1.0.0
