"""``python -m scenegen`` is the command."""

from scenegen.cli import main

if __name__ == "__main__":
    main()
