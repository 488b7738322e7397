"""What people and programs are told, made from an Outcome and its Verdict alone."""
