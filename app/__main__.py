"""`python -m app`: the commands of app.commands."""

import gc

# What is loaded stays, half a million objects: to look through them for garbage, again and again while they
# come and ever after, is a sixth of the time that a start takes.
gc.disable()

from app.commands import cli  # noqa: E402  it is this that shall go on undisturbed

gc.freeze()
gc.enable()

if __name__ == "__main__":
    cli()
