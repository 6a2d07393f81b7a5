"""`python -m besitos` is the command `besitos`."""

from besitos.apps.cli import main

if __name__ == "__main__":
    main()
