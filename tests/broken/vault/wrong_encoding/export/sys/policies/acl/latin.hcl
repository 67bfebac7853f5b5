# Zoë
path "kv/data/*" { capabilities = ["read"] }
