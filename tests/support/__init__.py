"""What tests stand on: real servers, started once a session."""
