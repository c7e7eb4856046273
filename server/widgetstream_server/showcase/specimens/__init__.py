"""What the commands show: one specimen of each kind."""
