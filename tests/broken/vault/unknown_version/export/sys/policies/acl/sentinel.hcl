import "planted-value"
main = rule { true }
