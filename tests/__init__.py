"""What the service promises, tried: mirrors app/; what holds for every noun stands at the top."""
