"""``python -m tracker``: the console script without its being installed."""

from tracker.cli import main

if __name__ == "__main__":
    main()
