module git.example/acme/left

go 1.22.0
