"""Reports over many nodes, written into a folder by a job that can be taken up again."""
