# This file is maintained automatically by "terraform init".
provider "registry.example/acme/cloud" {
  version     = "5.0.0"
  constraints = "~> 5.0"
  hashes = [
    "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "zh:1111111111111111111111111111111111111111111111111111111111111111",
  ]
}

provider "registry.example/acme/other" {
  version = "1.0.0"
}
