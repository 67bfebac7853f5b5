"""Plain HTTP: how requests are guarded, how errors are told, whether the service is alive and ready."""
