"""Files to frames: what a file is (probe), which instants to look at (plan), and their pictures (decode)."""
