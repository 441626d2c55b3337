"""What holds the contract: its snapshot, its lint rules, and programs that use clients made from it."""
