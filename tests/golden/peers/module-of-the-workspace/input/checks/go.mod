module git.example/acme/tool/checks

go 1.25.1

require git.example/acme/tool v0.9.0
