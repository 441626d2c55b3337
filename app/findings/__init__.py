"""What a meeting found and what it directed: results, limitations, causes; directions, conclusions."""
