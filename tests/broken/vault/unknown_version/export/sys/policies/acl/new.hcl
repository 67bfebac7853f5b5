path "kv/data/new" {
  capabilities = ["read"]
  future_limit = "planted-value"
}
