"""`python -m app`: the commands of app.commands."""

from app.loading import undisturbed

with undisturbed():
    from app.commands import cli

if __name__ == "__main__":
    cli()
