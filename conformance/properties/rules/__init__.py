"""Which call comes next in a program of the machine, drawn from what is there."""
