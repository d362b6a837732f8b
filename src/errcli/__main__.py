"""`python -m errcli` is `errcli`."""

from errcli.cli.main import main

main()
