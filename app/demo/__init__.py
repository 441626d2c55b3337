"""The example data: a real conference as it was reported, and a made-up province to try things in."""
