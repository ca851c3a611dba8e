"""Everything on one machine: the processes of ``tracker up``, started, watched and ended together."""
