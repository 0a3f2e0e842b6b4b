"""`python -m vidaudit`: the same as the `vidaudit` command."""

from vidaudit.cli import main

if __name__ == "__main__":
    main()
