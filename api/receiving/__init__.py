"""What is received over the network and waits to be read in: kept on disk before it is answered for."""
