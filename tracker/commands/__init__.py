"""The commands of the console script, one module a group; thin: they read arguments, call, and print."""
