provider "nothing" {
  version = "1"
}
provider "a/b/c" {
  hashes = [
    "xx:1",
  ]
}
resource x
