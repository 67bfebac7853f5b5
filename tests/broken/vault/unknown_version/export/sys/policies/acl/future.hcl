path "kv/data/*" {
  capabilities = ["read", "planted-value"]
}
