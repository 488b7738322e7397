"""What a run leaves behind besides its exit status: each is opened before, and finished after."""
