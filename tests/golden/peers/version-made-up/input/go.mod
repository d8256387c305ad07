module git.example/acme/tool

go 1.12

require git.example/acme/used v1.0.0
