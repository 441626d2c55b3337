"""The people who attend and speak, and the positions they hold."""
