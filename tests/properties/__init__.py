"""What must hold of every raw folder, tried on folders that hypothesis chooses: `make properties`."""
